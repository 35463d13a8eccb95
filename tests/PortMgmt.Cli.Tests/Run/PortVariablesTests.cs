using PortMgmt.Cli.Parsing;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Tests.Run;

public sealed class PortVariablesTests
{
    [Fact]
    public void Of_SeveralPorts_NamesEach() => Assert.Equal(
        [new("PORT", "8001"), new("PORT_1", "8001"), new("PORT_2", "8002"), new("PORTS", "8001,8002")],
        PortVariables.Of("PORT", [8001, 8002]));

    [Fact]
    public void Of_NameThatIsTaken_SetsItOnce() => Assert.Equal(
        [new("PORTS", "8001"), new("PORT_1", "8001")],
        PortVariables.Of("PORTS", [8001]));

    [Theory]
    [InlineData("1PORT")]
    [InlineData("A-B")]
    [InlineData("A=B")]
    [InlineData("PÖRT")]
    public void Check_NameThatNoShellReads_Refuses(string name) => Assert.Throws<UsageException>(() => PortVariables.CheckName(name));

    [Theory]
    [InlineData("PORT")]
    [InlineData("_a1")]
    public void Check_NameThatShellsRead_Accepts(string name) => Assert.Equal(name, PortVariables.CheckName(name));
}

using PortMgmt.Cli.Parsing;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Tests.Run;

public sealed class PortVariablesTests
{
    [Fact]
    public void OfSeveralPortsNamesEach() => Assert.Equal(
        [new("PORT", "8001"), new("PORT_1", "8001"), new("PORT_2", "8002"), new("PORTS", "8001,8002")],
        PortVariables.Of("PORT", [8001, 8002]));

    [Fact]
    public void OfNameThatIsTakenSetsItOnce() => Assert.Equal(
        [new("PORTS", "8001"), new("PORT_1", "8001")],
        PortVariables.Of("PORTS", [8001]));

    [Theory]
    [InlineData("1PORT")]
    [InlineData("A-B")]
    [InlineData("A=B")]
    [InlineData("PÖRT")]
    public void CheckNameThatNoShellReadsRefuses(string name) => Assert.Throws<UsageException>(() => PortVariables.CheckName(name));

    [Theory]
    [InlineData("PORT")]
    [InlineData("_a1")]
    public void CheckNameThatShellsReadAccepts(string name) => Assert.Equal(name, PortVariables.CheckName(name));
}

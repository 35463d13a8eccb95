using PortMgmt.Cli.Batch.Processes;

namespace PortMgmt.Cli.Tests.Batch;

public sealed class WindowsEnvironmentTests
{
    [Fact]
    public void ToBlock_VariableInAnotherCase_IsReplacedAndAllAreInOrder()
    {
        Dictionary<string, string> inherited = new() { ["b"] = "2", ["Port"] = "old", ["=C:"] = @"C:\x", ["A"] = "" };
        string block = WindowsEnvironment.ToBlock(inherited, [new("PORT", "8080"), new("PORTS", "8080")]);
        Assert.Equal("=C:=C:\\x\0A=\0b=2\0Port=8080\0PORTS=8080\0\0", block);
    }
}

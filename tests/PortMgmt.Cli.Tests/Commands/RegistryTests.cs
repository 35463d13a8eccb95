using System.Text.Json;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Commands;

public sealed class RegistryTests : CommandLineFixture
{
    [Fact]
    public void Registry_InUse_ShowsWhereItIsAndHowFull()
    {
        NewPort();
        CliResult result = Run("registry", "--json").Expect(0);
        Assert.Equal(
            ["directory", "source", "tableFile", "tableBytes", "activeLeases", "staleLeases", "quarantinedPorts", "usablePorts", "lockHolder", "lockWaiters"],
            result.Members);
        JsonElement status = Assert.Single(result.Json);
        Assert.Equal(RegistryDirectory, status.GetProperty("directory").GetString());
        Assert.Equal("environment", status.GetProperty("source").GetString());
        Assert.Equal(1, status.GetProperty("activeLeases").GetInt32());
        Assert.Equal("option", Run("registry", "--json", "--registry", RegistryDirectory).Expect(0).Json[0].GetProperty("source").GetString());
        Assert.Contains(RegistryDirectory, Run("registry").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Registry_IsNoDirectory_Fails()
    {
        string file = Path.Combine(WorkDirectory, "file");
        File.WriteAllText(file, "");
        Run("lease", "new", "--registry", file).ExpectError(4);
        Run("lease", "list", "--registry", Path.Combine(file, "below")).ExpectError(4);
    }

    [Fact]
    public void Registry_Damaged_Fails()
    {
        NewPort();
        string table = Assert.Single(Directory.GetFiles(RegistryDirectory, "*.table"));
        File.WriteAllBytes(table, new byte[100]);
        Run("lease", "new").ExpectError(4);
    }

    [Fact]
    public void Registry_Locked_Fails()
    {
        Needs.Linux();
        RequireProgram("command -v flock", "flock");
        NewPort();
        Shell("flock \"$PORTMGMT_REGISTRY\"/*.lock \"$portmgmt\" lease new").ExpectError(4);
    }
}

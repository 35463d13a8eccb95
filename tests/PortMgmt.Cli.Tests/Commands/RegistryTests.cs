using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

public sealed class RegistryTests : CommandLineFixture
{
    [Fact]
    public void Registry_InUse_ShowsWhereItIsAndHowFull()
    {
        NewPort();
        CliResult result = Run("registry", "--json").Expect(0);
        Assert.Equal(
            ["directory", "source", "tableFile", "tableBytes", "activeLeases", "staleLeases", "quarantinedPorts", "usablePorts", "lockHolder", "lockWaiters", "problems"],
            result.Members);
        JsonElement status = Assert.Single(result.Json);
        Assert.Equal(RegistryDirectory, status.GetProperty("directory").GetString());
        Assert.Equal("environment", status.GetProperty("source").GetString());
        Assert.Equal(1, status.GetProperty("activeLeases").GetInt32());
        Assert.Equal("option", Run("registry", "--json", "--registry", RegistryDirectory).Expect(0).Json[0].GetProperty("source").GetString());
        Assert.Contains(RegistryDirectory, Run("registry").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Registry_PolicyDamaged_ShowsWhatItCanAndSaysWhatNot()
    {
        NewPort();
        File.WriteAllText(Path.Combine(RegistryDirectory, "policy.json"), "{");

        CliResult result = Run("registry", "--json");

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("policy.json", result.Error, StringComparison.Ordinal);
        JsonElement status = Assert.Single(result.Json);
        Assert.Equal(1, status.GetProperty("activeLeases").GetInt32());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("usablePorts").ValueKind);
        Assert.Single(status.GetProperty("problems").EnumerateArray());
        Assert.Contains("active leases", Run("registry").Output, StringComparison.Ordinal);
        Assert.Single(Run("lease", "list", "--json").Expect(0).Json);
    }

    [Fact]
    public void Registry_LockHeld_ShowsTheHolderAndWhatElseItCan()
    {
        NewPort();
        using FileStream held = LockRegistry();

        CliResult result = Run("registry", "--json");

        Assert.Equal(4, result.ExitCode);
        JsonElement status = Assert.Single(result.Json);
        Assert.Equal(RegistryDirectory, status.GetProperty("directory").GetString());
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(Environment.ProcessId, status.GetProperty("lockHolder").GetInt32());
        }

        Assert.Equal(JsonValueKind.Null, status.GetProperty("activeLeases").ValueKind);
    }

    [Theory]
    [InlineData("lease", "list")]
    [InlineData("sweep")]
    [InlineData("registry")]
    public void Registry_NobodyMadeOneThere_SaysSo(params string[] verb)
    {
        string none = Path.Combine(WorkDirectory, "none");

        Assert.StartsWith($"portmgmt: warning: There is no registry in '{none}'", Run([.. verb, "--registry", none]).Expect(0).Error, StringComparison.Ordinal);
        NewPort();
        Assert.Empty(Run([.. verb, "--registry", RegistryDirectory]).Expect(0).Error);
        Assert.False(Directory.Exists(none));
    }

    [Fact]
    public void Registry_RelativeOption_IsMadeAbsolute() =>
        Assert.Equal(Path.Combine(WorkDirectory, "beside"), Run("registry", "--json", "--registry", "beside").Json[0].GetProperty("directory").GetString());

    [Fact]
    public void Registry_RelativeVariable_IsRefusedWithTheAbsoluteSpelling() => Assert.Contains(
        $"write '{Path.Combine(WorkDirectory, "beside")}'",
        RunWith("PORTMGMT_REGISTRY", "beside", "lease", "new").ExpectError(4),
        StringComparison.Ordinal);

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
        NewPort();
        using FileStream held = LockRegistry();

        Run("lease", "new").ExpectError(4);
    }
}

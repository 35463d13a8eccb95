using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

/// <summary>How long a verb waits while another process has the registry locked.</summary>
public sealed class LockTimeoutTests : CommandLineFixture
{
    [Theory]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("200ms")]
    public void LockTimeout_RegistryLocked_SaysWhoHasIt(string timeout)
    {
        NewPort();
        using (LockRegistry())
        {
            string holder = OperatingSystem.IsLinux() ? $"process {Environment.ProcessId}" : "another process";
            Assert.Contains($"locked by {holder}", Run("lease", "new", "--lock-timeout", timeout).ExpectError(4), StringComparison.Ordinal);
        }

        NewPort();
    }

    [Fact]
    public void LockTimeout_ZeroAndNobodyInTheWay_Leases() => Assert.InRange(NewPort("--lock-timeout", "0"), 1, 65535);

    [Fact]
    public void LockTimeout_InTheEnvironment_IsHeeded()
    {
        NewPort();
        using FileStream held = LockRegistry();

        Assert.Contains("was not to wait", RunWith("PORTMGMT_LOCK_TIMEOUT", "0", "lease", "new").ExpectError(4), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("30d")]
    public void LockTimeout_InTheEnvironmentNoTime_IsRefusedByItsName(string value)
    {
        string error = RunWith("PORTMGMT_LOCK_TIMEOUT", value, "lease", "new").ExpectError(2);

        Assert.Contains($"'{value}' in PORTMGMT_LOCK_TIMEOUT", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("30d")]
    public void LockTimeout_NoTime_IsRefused(string value) => Run("lease", "list", "--lock-timeout", value).ExpectError(2);
}

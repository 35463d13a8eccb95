using System.Diagnostics;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

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
        Needs.Linux();
        using Process holder = Hold();

        string error = Run("lease", "new", "--lock-timeout", timeout).ExpectError(4);

        Assert.Contains($"locked by process {holder.Id}", error, StringComparison.Ordinal);
        holder.Kill();
        holder.WaitForExit();
        NewPort();
    }

    [Fact]
    public void LockTimeout_ZeroAndNobodyInTheWay_Leases() => Assert.InRange(NewPort("--lock-timeout", "0"), 1, 65535);

    [Fact]
    public void LockTimeout_InTheEnvironment_IsHeeded()
    {
        Needs.Linux();
        using Process holder = Hold();

        string error = RunWith("PORTMGMT_LOCK_TIMEOUT", "0", "lease", "new").ExpectError(4);

        Assert.Contains("was not to wait", error, StringComparison.Ordinal);
        holder.Kill();
        holder.WaitForExit();
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

    /// <summary>A process that has the registry locked and tells so.</summary>
    private Process Hold()
    {
        NewPort();
        Process holder = Start("flock", "--no-fork", Path.Combine(RegistryDirectory, "leases.lock"), "sh", "-c", "echo held; exec sleep 600");
        Assert.Equal("held", holder.StandardOutput.ReadLine());
        return holder;
    }
}

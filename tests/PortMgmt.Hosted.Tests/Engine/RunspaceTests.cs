using System.Management.Automation;
using Xunit;

namespace PortMgmt.Hosted.Tests.Engine;

/// <summary>What only a host of the engine sees: runspaces side by side, a stop from another thread, each stream by itself.</summary>
[TestClass(DisableParallelization = true)]
public sealed class RunspaceTests : IDisposable
{
    private static readonly TimeSpan Liveness = TimeSpan.FromMinutes(1);

    private readonly string _registry = Directory.CreateTempSubdirectory("portmgmt-hosted-").FullName;

    public void Dispose() => Directory.Delete(_registry, recursive: true);

    [Fact]
    public async Task NewPortLease_TwoRunspacesAtOnce_NoPortTwice()
    {
        using var left = new HostedShell(_registry);
        using var right = new HostedShell(_registry);
        const string Script = "1..200 | ForEach-Object { (New-PortLease -Name both -Registry $registry).Port }";

        IReadOnlyList<PSObject>[] ports = await Task.WhenAll(Task.Run(() => left.Run(Script)), Task.Run(() => right.Run(Script)));

        Assert.Equal(400, ports.SelectMany(some => some).Select(port => (int)port.BaseObject).Distinct().Count());
    }

    [Theory]
    [InlineData("$port = (New-PortLease -Registry $registry).Port; 'begun'; Wait-Port $port -Timeout 1h -Registry $registry")]
    [InlineData("Use-PortLease held -Registry $registry { 'begun'; Start-Sleep -Seconds 3600 }")]
    [InlineData("Use-PortLease held -Registry $registry { 'begun'; Wait-Port $Port -Timeout 1h }")]
    public async Task Stop_FromAnotherThread_EndsAndGivesBack(string script)
    {
        using var shell = new HostedShell(_registry);
        using PowerShell pipeline = shell.NewPipeline(script);
        using var output = new PSDataCollection<PSObject>();
        var begun = new TaskCompletionSource();
        output.DataAdded += (_, _) => begun.TrySetResult();
        IAsyncResult call = pipeline.BeginInvoke<PSObject, PSObject>(null, output);
        await begun.Task.WaitAsync(Liveness);

        await Task.Run(pipeline.Stop).WaitAsync(Liveness);

        Assert.Equal(PSInvocationState.Stopped, pipeline.InvocationStateInfo.State);
        Assert.Throws<PipelineStoppedException>(() => pipeline.EndInvoke(call));
        Assert.Empty(shell.Run("Get-PortLease held* -Registry $registry"));
    }

    [Fact]
    public void NewPortLease_ExplicitRestingPort_WritesToEachStream()
    {
        using var shell = new HostedShell(_registry);
        using PowerShell pipeline = shell.NewPipeline("""
            $lease = New-PortLease -Registry $registry
            $lease | Remove-PortLease -Registry $registry
            New-PortLease -Port $lease.Port -Registry $registry -Verbose
            New-PortLease -Port $lease.Port -Registry $registry
            """);

        IReadOnlyList<PSObject> leases = pipeline.Invoke();

        Assert.Single(leases);
        Assert.Single(pipeline.Streams.Warning);
        Assert.Contains(pipeline.Streams.Verbose, record => record.Message.StartsWith("Registry " + _registry, StringComparison.Ordinal));
        ErrorRecord error = Assert.Single(pipeline.Streams.Error);
        Assert.Equal("PortUnavailable,PortMgmt.PowerShell.Commands.NewPortLeaseCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceUnavailable, error.CategoryInfo.Category);
    }

    [Fact]
    public void Cmdlets_AfterTheirCalls_LeaveNoOpenFileAndNoThread()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The open files of a process are read from /proc.");
        using var shell = new HostedShell(_registry);
        shell.Run("Use-PortLease warm -Registry $registry { $Port }; Get-PortListener | Out-Null");
        int before = System.Diagnostics.Process.GetCurrentProcess().Threads.Count;

        shell.Run("1..50 | ForEach-Object { Use-PortLease web -Registry $registry { Test-Port $Port -Registry $registry } }");

        int after = System.Diagnostics.Process.GetCurrentProcess().Threads.Count;
        Assert.DoesNotContain(OpenFiles(), file => file.StartsWith(_registry, StringComparison.Ordinal));

        // The pool's threads come and go with the tests beside this one; what left one a call would have left fifty.
        Assert.InRange(after, 0, before + 25);
    }

    private static IEnumerable<string> OpenFiles()
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (new FileInfo(entry).LinkTarget is string target)
            {
                yield return target;
            }
        }
    }
}

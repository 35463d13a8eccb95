using System.Globalization;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Demo;

/// <summary>The lease half at work: instances that share a registry, one killed, its port taken back, nothing left behind.</summary>
/// <param name="directory">The directory of a registry of its own.</param>
/// <param name="say">Takes each sentence as it becomes true.</param>
internal sealed class LeaseDemo(string directory, Action<string> say) : IDisposable
{
    private const string Name = "demo";
    private const int InstanceCount = 5;
    private const int AllocationCount = 3000;

    private readonly PortRegistry _registry = PortRegistry.Open(new PortRegistryOptions { Directory = directory });
    private readonly List<DemoInstance> _instances = [];

    /// <summary>Runs it.</summary>
    /// <exception cref="IOException">Something was not as it should be.</exception>
    public async Task<LeaseDemoResult> RunAsync(CancellationToken cancellationToken)
    {
        int[] ports = await StartInstancesAsync(cancellationToken).ConfigureAwait(false);
        int reclaimed = await KillAndReplaceFirstAsync(cancellationToken).ConfigureAwait(false);
        await StopInstancesAsync(cancellationToken).ConfigureAwait(false);
        int leasesLeft = SweepAll(cancellationToken);
        var times = AllocationTimes.Measure(_registry, AllocationCount, cancellationToken);
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"Took {times.Count} ports one by one in this process: p50 {times.Median.TotalMicroseconds:0.0} us, p99 {times.Percentile99.TotalMicroseconds:0.0} us, no port twice."));
        DemoFailure.Require(times.DistinctPorts == times.Count, "A port was handed out twice in the measurement.");
        return new LeaseDemoResult(ports, reclaimed, leasesLeft, times);
    }

    /// <summary>Ends every process that is still there.</summary>
    public void Dispose() => _instances.ForEach(instance => instance.Dispose());

    private async Task<int[]> StartInstancesAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < InstanceCount; i++)
        {
            _instances.Add(DemoInstance.Start(directory, Name));
        }

        await Task.WhenAll(_instances.Select(instance => instance.WaitUntilListeningAsync(cancellationToken))).ConfigureAwait(false);
        int[] ports = [.. _instances.Select(instance => instance.Port).Order()];
        say($"Started {InstanceCount} instances of '{Name}' at once; each listens on a port of its own: {string.Join(", ", ports)}.");
        DemoFailure.Require(ports.Distinct().Count() == InstanceCount, "Two instances were given the same port.");
        return ports;
    }

    // The first of the ports is where the search for the name begins, so its successor must get just that one.
    private async Task<int> KillAndReplaceFirstAsync(CancellationToken cancellationToken)
    {
        DemoInstance victim = _instances.MinBy(instance => instance.Port)!;
        await victim.KillAsync(cancellationToken).ConfigureAwait(false);
        PortLease stale = _registry.GetLeases(new PortLeaseFilter { Port = victim.Port }, cancellationToken)[0];
        DemoFailure.Require(stale.State == PortLeaseState.Stale, $"The lease of the killed process {victim.ProcessId} does not show as stale.");
        say($"Killed process {victim.ProcessId} (kill -9): its lease on port {victim.Port} is stale at once, nobody had to clean up.");

        var successor = DemoInstance.Start(directory, Name);
        _instances.Add(successor);
        await successor.WaitUntilListeningAsync(cancellationToken).ConfigureAwait(false);
        DemoFailure.Require(successor.Port == victim.Port, $"Port {victim.Port} was not taken back: the new instance got {successor.Port}.");
        say($"Started a new instance: process {successor.ProcessId} took port {successor.Port} back.");
        return successor.Port;
    }

    private async Task StopInstancesAsync(CancellationToken cancellationToken)
    {
        foreach (DemoInstance instance in _instances.Where(instance => !instance.HasEnded))
        {
            await instance.StopAsync(cancellationToken).ConfigureAwait(false);
        }

        DemoFailure.Require(_instances.All(instance => instance.HasEnded), "A process was left behind.");
    }

    private int SweepAll(CancellationToken cancellationToken)
    {
        int swept = _registry.Sweep(cancellationToken: cancellationToken).Count;
        int left = _registry.GetLeases(cancellationToken: cancellationToken).Count;
        say($"Stopped all instances: no process is left; a sweep took {swept} leases back, {left} are left.");
        DemoFailure.Require(left == 0, "A lease outlived its process.");
        return left;
    }
}

using System.Collections.Concurrent;

namespace PortMgmt.PowerShell.Runspaces;

/// <summary>Runspaces whose operation was told to stop: whoever has not come back after the grace is stuck, and named here. Thread-safe.</summary>
internal sealed class StuckRunspaces(TimeProvider clock, TimeSpan grace)
{
    private readonly ConcurrentDictionary<WorkerRunspace, long> _stopping = new();

    /// <summary>The names of runspaces that do not stop, in alphabetical order.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. _stopping.Where(pair => clock.GetElapsedTime(pair.Value) >= grace).Select(pair => pair.Key.Runspace.Name).Order(StringComparer.Ordinal),
    ];

    /// <summary>The runspace's pipeline was told to stop.</summary>
    public void Watch(WorkerRunspace runspace) => _stopping.TryAdd(runspace, clock.GetTimestamp());

    /// <summary>The runspace's pipeline has ended.</summary>
    public void Release(WorkerRunspace runspace) => _stopping.TryRemove(runspace, out _);
}

using System.Collections.Concurrent;
using System.Globalization;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Runspaces;

/// <summary>Runspaces whose operation was told to stop: whoever has not come back after the grace is stuck, and named here. Thread-safe.</summary>
internal sealed class StuckRunspaces(TimeProvider clock, TimeSpan grace)
{
    private readonly ConcurrentDictionary<WorkerRunspace, Stop> _stopping = new();

    /// <summary>The names of runspaces that do not stop, in alphabetical order.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. Stuck.Select(pair => pair.Key.Runspace.Name).Order(StringComparer.Ordinal),
    ];

    /// <summary>The same, each with its operation, which the terminal only shows, and for how long it has been told to stop.</summary>
    public IReadOnlyList<string> Descriptions =>
    [
        .. Stuck.Select(pair => string.Create(
            CultureInfo.InvariantCulture,
            $"{pair.Key.Runspace.Name}: the operation with {VisibleText.FromLines(pair.Value.Operation)} was told to stop {clock.GetElapsedTime(pair.Value.Since).TotalSeconds:0} s ago"))
            .Order(StringComparer.Ordinal),
    ];

    private IEnumerable<KeyValuePair<WorkerRunspace, Stop>> Stuck =>
        _stopping.Where(pair => clock.GetElapsedTime(pair.Value.Since) >= grace);

    /// <summary>The runspace's pipeline was told to stop.</summary>
    /// <param name="runspace">The runspace.</param>
    /// <param name="operation">What its operation is known by.</param>
    public void Watch(WorkerRunspace runspace, string operation) => _stopping.TryAdd(runspace, new Stop(clock.GetTimestamp(), operation));

    /// <summary>The runspace's pipeline has ended.</summary>
    public void Release(WorkerRunspace runspace) => _stopping.TryRemove(runspace, out _);

    private sealed record Stop(long Since, string Operation);
}

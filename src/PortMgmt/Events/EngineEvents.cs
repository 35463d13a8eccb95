using System.Diagnostics;
using System.Management.Automation;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Events;

/// <summary>
/// PowerShell's own events, such as <c>PortMgmt.OperationFailure</c>. Their actions run only once the cmdlet has returned, so
/// what happened meanwhile is gathered: at most one event of a name each second, with the count and the last few operations.
/// </summary>
internal sealed class EngineEvents
{
    /// <summary>How many operations one event carries.</summary>
    private const int Cap = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly PSEventManager _manager;
    private readonly Dictionary<string, Gathered> _gathered = [];
    private long _lastFlush = Stopwatch.GetTimestamp();

    public EngineEvents(PSEventManager manager)
    {
        _manager = manager;
        foreach ((string name, string source) in Sources())
        {
            if (manager.GetEventSubscribers(source).Any())
            {
                _gathered[name] = new Gathered(source);
            }
        }
    }

    public bool HasSubscribers => _gathered.Count > 0;

    public void Add(OperationEvent raised)
    {
        if (!_gathered.TryGetValue(raised.Name, out Gathered? gathered))
        {
            return;
        }

        gathered.Count++;
        gathered.Last.Enqueue(raised);
        if (gathered.Last.Count > Cap)
        {
            gathered.Last.Dequeue();
        }
    }

    public void FlushIfDue()
    {
        if (HasSubscribers && Stopwatch.GetElapsedTime(_lastFlush) >= Interval)
        {
            Flush();
        }
    }

    public void Flush()
    {
        _lastFlush = Stopwatch.GetTimestamp();
        foreach (Gathered gathered in _gathered.Values)
        {
            if (gathered.Count == 0)
            {
                continue;
            }

            var data = new PSObject();
            data.Properties.Add(new PSNoteProperty("Count", gathered.Count));
            data.Properties.Add(new PSNoteProperty("Operations", gathered.Last.ToArray()));
            _manager.GenerateEvent(gathered.Source, null, [.. gathered.Last], data);
            gathered.Count = 0;
            gathered.Last.Clear();
        }
    }

    private static KeyValuePair<string, string>[] Sources() =>
    [
        new(OperationEventNames.BatchScheduled, "PortMgmt.BatchScheduled"),
        new(OperationEventNames.OperationStarted, "PortMgmt.OperationStarted"),
        new(OperationEventNames.OperationSuccess, "PortMgmt.OperationSuccess"),
        new(OperationEventNames.OperationFailure, "PortMgmt.OperationFailure"),
        new(OperationEventNames.MetricsCollected, "PortMgmt.MetricsCollected"),
    ];

    private sealed class Gathered(string source)
    {
        public string Source { get; } = source;

        public Queue<OperationEvent> Last { get; } = new();

        public int Count { get; set; }
    }
}

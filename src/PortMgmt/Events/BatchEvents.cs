using System.Collections.Concurrent;
using System.Management.Automation;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Events;

/// <summary>
/// Brings the events of a batch, which arise on its workers, to the thread of its cmdlet: to the script block of -OnEvent, and to
/// subscribers of engine events. While nobody listens there is nothing to bring.
/// </summary>
internal sealed class BatchEvents
{
    private readonly ConcurrentQueue<OperationEvent> _arrived = new();
    private readonly ScriptBlock? _onEvent;
    private readonly EngineEvents _engine;

    public BatchEvents(ScriptBlock? onEvent, PSEventManager manager)
    {
        _onEvent = onEvent;
        _engine = new EngineEvents(manager);
    }

    /// <summary>What the batch calls for each event; null while nobody listens.</summary>
    public Action<OperationEvent>? Listener => _onEvent is null && !_engine.HasSubscribers ? null : _arrived.Enqueue;

    /// <summary>Hands over what has arrived.</summary>
    public void Deliver()
    {
        while (_arrived.TryDequeue(out OperationEvent? raised))
        {
            _engine.Add(raised);
            _onEvent?.InvokeWithContext(null, [new PSVariable("_", raised)], raised);
        }

        _engine.FlushIfDue();
    }

    /// <summary>Hands over the rest.</summary>
    public void Close()
    {
        Deliver();
        _engine.Flush();
    }
}

using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>
/// A submitter's notes to its successor, in the queue of results: which operations the broker has, so that they are not sent again. One
/// note at a time, at most every 100 ms; what is in no note yet is sent again, which the nodes recognise. Thread-safe.
/// </summary>
internal sealed class SubmitterJournal : IDisposable
{
    /// <summary>In a note: the broker has these.</summary>
    public const string Sent = "sent";

    /// <summary>In a note: the results of these are not kept any more.</summary>
    public const string Forgotten = "forgotten";

    private const int MaxEntryLength = 2000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly string _queue;
    private readonly string _exchange;
    private readonly string _batchId;
    private readonly Publisher _publisher;
    private readonly ITimer _timer;
    private List<string> _ids = [];
    private TaskCompletionSource? _underWay;
    private bool _isTimed;

    public SubmitterJournal(TopologyNames names, string batchId, Publisher publisher, TimeProvider clock)
    {
        _queue = names.Results(batchId);
        _exchange = names.NotesExchange;
        _batchId = batchId;
        _publisher = publisher;
        _timer = clock.CreateTimer(_ => Write(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The broker has an operation.</summary>
    public void RecordSent(string id)
    {
        lock (_lock)
        {
            _ids.Add(id);
            if (_isTimed || _underWay is not null)
            {
                return;
            }

            _isTimed = true;
        }

        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Notes that results are no longer kept.</summary>
    /// <param name="ids">Whose.</param>
    /// <param name="then">What to do when that is noted.</param>
    public void RecordForgotten(IReadOnlyCollection<string> ids, Action then)
    {
        // No note that they were sent may come behind this one: a successor that sees only the later one would wait for good.
        lock (_lock)
        {
            _ids.RemoveAll(new HashSet<string>(ids).Contains);
            Send(ResultMessages.WriteJournal(Forgotten, ids), then);
        }
    }

    /// <summary>Writes what is left and waits for it, but no longer than it is worth: it only spares work.</summary>
    public async Task FlushAsync()
    {
        Write();
        Task? underWay;
        lock (_lock)
        {
            underWay = _underWay?.Task;
        }

        if (underWay is not null)
        {
            await Task.WhenAny(underWay, Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Write()
    {
        List<string> ids;
        TaskCompletionSource done;
        lock (_lock)
        {
            _isTimed = false;
            if (_ids.Count == 0 || _underWay is not null)
            {
                return;
            }

            ids = _ids.Count <= MaxEntryLength ? _ids : _ids.GetRange(0, MaxEntryLength);
            _ids = _ids.Count <= MaxEntryLength ? [] : _ids.GetRange(MaxEntryLength, _ids.Count - MaxEntryLength);
            _underWay = done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Send(ResultMessages.WriteJournal(Sent, ids), () => OnWritten(done));
        }
    }

    private void OnWritten(TaskCompletionSource done)
    {
        done.SetResult();
        bool isMore;
        lock (_lock)
        {
            _underWay = null;
            isMore = _ids.Count > 0;
            _isTimed = isMore;
        }

        if (isMore)
        {
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Send(ReadOnlyMemory<byte> body, Action then) => _publisher.Send(new JournalNote(then)
    {
        Queue = _queue,
        Exchange = _exchange,
        BindingKey = _batchId,
        Properties = new BasicProperties
        {
            MessageId = Guid.NewGuid().ToString("N"),
            Type = ResultMessages.JournalType,
            ContentType = OperationMessages.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
        },
        Body = body,
    });

    private sealed class JournalNote(Action then) : OutgoingMessage
    {
        public override void OnConfirmed() => then();

        // Without its note an operation is sent again by a successor, and recognised: nothing is lost by going on.
        public override void OnRefused(string reason, bool isUnroutable) => then();
    }
}

using System.Globalization;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Batches;

namespace PortMgmt.Benchmarks.Simulation;

/// <summary>A submitter of one batch, or its successor. What was sent, is waited for and has ended is the transport's own ledger.</summary>
internal sealed class SimulatedSubmitter(int number, SimulatedType type, SimulatedBroker broker, int count, int window)
{
    private const double JournalDelay = 0.1;

    /// <summary>The queue of results: it outlives the submitter.</summary>
    private readonly List<ClusterResult> _results = [];

    /// <summary>What notes say that it was sent.</summary>
    private readonly List<string> _noted = [];

    private BatchLedger _ledger = new(broker.Time);
    private int[] _resultsOf = new int[count];
    private int _incarnation;
    private int _next;
    private int _waiting;

    /// <summary>The node of the broker that decides for its results.</summary>
    public int Leader { get; set; }

    public int Ended { get; private set; }

    public bool IsOver => Ended == count;

    public double OverAt { get; private set; }

    /// <summary>The most that it waited for at once.</summary>
    public int MostWaiting { get; private set; }

    public void Start()
    {
        while (_waiting < window && _next < count)
        {
            Send(_next++);
        }
    }

    /// <summary>It is killed, and a successor goes on with the batch.</summary>
    public void Replace()
    {
        if (IsOver)
        {
            return;
        }

        broker.Figures.SubmittersLost++;
        _incarnation++;
        _ledger = new BatchLedger(broker.Time);
        _resultsOf = new int[count];
        _next = _waiting = Ended = 0;
        _results.ForEach(_ledger.Take);
        _ledger.RecordSentBefore(_noted);
        Start();
    }

    /// <summary>The broker has a result of the batch.</summary>
    public void Deliver(ClusterResult result)
    {
        _results.Add(result);
        _ledger.Take(result);
    }

    /// <summary>Fails where an operation has not exactly one result.</summary>
    public void Check()
    {
        if (!IsOver || Array.Exists(_resultsOf, results => results != 1))
        {
            throw new InvalidOperationException($"Batch {number} has {Ended} of {count} results.");
        }
    }

    private void Send(int n)
    {
        int incarnation = _incarnation;
        string id = n.ToString(CultureInfo.InvariantCulture);
        MostWaiting = Math.Max(MostWaiting, ++_waiting);
        Task<ClusterResult> result = _ledger.Expect(new ClusterOperation(id, type.Name, default), out PendingOperation? toSend);
        _ = result.ContinueWith(
            _ => OnResult(n, incarnation), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (toSend is null)
        {
            return;
        }

        var message = new SimulatedMessage(this, toSend.Operation, broker.IsPoison(number, n));
        broker.Publish(type, message, () =>
        {
            if (_incarnation == incarnation)
            {
                _ledger.Confirm(toSend);
                broker.Time.After(JournalDelay, () =>
                {
                    // What is not noted when it is killed is sent again.
                    if (_incarnation == incarnation)
                    {
                        _noted.Add(id);
                    }
                });
            }
        });
    }

    private void OnResult(int n, int incarnation)
    {
        if (incarnation != _incarnation)
        {
            return;
        }

        _resultsOf[n]++;
        Ended++;
        _waiting--;
        OverAt = broker.Time.Now;

        // Not from within the ledger.
        broker.Time.After(0, () =>
        {
            if (incarnation == _incarnation)
            {
                Start();
            }
        });
    }
}

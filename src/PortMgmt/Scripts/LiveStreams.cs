using System.Diagnostics;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// What operations write that does not wait for their end: their progress and, where results are not objects, whatever those write that
/// run for longer than a moment. Workers bring it, and the thread that puts results out takes it. Thread-safe.
/// </summary>
/// <param name="takesOutput">Output is taken before an operation ends.</param>
/// <param name="takesStreams">Errors, warnings and messages are as well.</param>
internal sealed class LiveStreams(bool takesOutput, bool takesStreams)
{
    /// <summary>How often it is looked whether an operation still runs; so what it writes waits for twice that at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly HashSet<OperationEnumerator> _workers = [];

    /// <summary>The newest state of each activity of each worker that was not taken yet; null until there is one.</summary>
    private Dictionary<(OperationEnumerator Worker, int Activity), ProgressRecord>? _progress;

    private volatile bool _hasProgress;
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Output is taken before an operation ends.</summary>
    public bool TakesOutput => takesOutput;

    /// <summary>A worker begins.</summary>
    public void Add(OperationEnumerator worker)
    {
        lock (_lock)
        {
            _workers.Add(worker);
        }
    }

    /// <summary>A worker has ended.</summary>
    public void Remove(OperationEnumerator worker)
    {
        lock (_lock)
        {
            _workers.Remove(worker);
        }
    }

    /// <summary>An operation of a worker told of its progress: the last word on an activity is enough.</summary>
    public void AddProgress(OperationEnumerator worker, ProgressRecord record)
    {
        lock (_lock)
        {
            (_progress ??= [])[(worker, record.ActivityId)] = record;
            _hasProgress = true;
        }
    }

    /// <summary>Whether there may be something to take: at most ten times a second.</summary>
    public bool IsDue()
    {
        if ((!takesOutput && !_hasProgress) || Stopwatch.GetElapsedTime(_last) < Interval)
        {
            return false;
        }

        _last = Stopwatch.GetTimestamp();
        return true;
    }

    /// <summary>Takes the progress that there is.</summary>
    public ProgressRecord[] TakeProgress()
    {
        lock (_lock)
        {
            if (_progress is null)
            {
                return [];
            }

            ProgressRecord[] records = [.. _progress.Values];
            _progress.Clear();
            _hasProgress = false;
            return records;
        }
    }

    /// <summary>Takes what operations have written that were there the last time, too.</summary>
    public List<(PSObject?[] Output, StreamRecords Streams)> TakeOutput()
    {
        List<(PSObject?[] Output, StreamRecords Streams)> found = [];
        if (!takesOutput)
        {
            return found;
        }

        lock (_lock)
        {
            foreach (OperationEnumerator worker in _workers)
            {
                (PSObject?[] output, StreamRecords streams) = worker.TakeEarly(takesStreams);
                if (output.Length > 0 || streams != StreamRecords.None)
                {
                    found.Add((output, streams));
                }
            }
        }

        return found;
    }
}

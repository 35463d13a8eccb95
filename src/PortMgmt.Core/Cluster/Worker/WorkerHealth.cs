namespace PortMgmt.Cluster.Worker;

/// <summary>
/// Whether a worker should take operations: what its owner says, whether half of its room is taken by operations that do not stop, and
/// whether the means to run them failed a moment ago. Thread-safe.
/// </summary>
internal sealed class WorkerHealth(Func<string?>? check, Func<int> countStuck, int room, TimeProvider clock)
{
    /// <summary>How long a worker pauses after it could not run an operation for a reason of its own.</summary>
    private static readonly TimeSpan LossMemory = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private string? _lossReason;
    private long _lostAt;
    private bool _isDraining;
    private bool _isWell = true;
    private string? _reason;

    /// <summary>What holds.</summary>
    public ClusterWorkerCondition Condition
    {
        get
        {
            lock (_lock)
            {
                return _isDraining ? ClusterWorkerCondition.Draining : _isWell ? ClusterWorkerCondition.Healthy : ClusterWorkerCondition.Unhealthy;
            }
        }
    }

    /// <summary>Why it is not well; null if it is.</summary>
    public string? Reason
    {
        get
        {
            lock (_lock)
            {
                return _reason;
            }
        }
    }

    /// <summary>An operation could not be run, and not because of itself.</summary>
    public void RecordWorkerLost(string reason)
    {
        lock (_lock)
        {
            _lossReason = reason;
            _lostAt = clock.GetTimestamp();
        }
    }

    /// <summary>From now on it ends.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            _isDraining = true;
        }
    }

    /// <summary>Looks how it is.</summary>
    /// <param name="isIdle">Nothing runs. One that was not well begins again only then: it never holds more than its room.</param>
    /// <returns>Whether that changed.</returns>
    public bool Sample(bool isIdle)
    {
        string? found = Query() ?? FindStuck();
        lock (_lock)
        {
            found ??= _lossReason is not null && clock.GetElapsedTime(_lostAt) < LossMemory ? _lossReason : null;
            bool isWell = found is null && (_isWell || isIdle);
            bool hasChanged = isWell != _isWell;
            _isWell = isWell;
            _reason = isWell ? null : found ?? _reason;
            return hasChanged && !_isDraining;
        }
    }

    private string? Query()
    {
        try
        {
            return check?.Invoke();
        }
        catch (Exception e)
        {
            return "The health check failed: " + e.Message;
        }
    }

    private string? FindStuck()
    {
        int stuck = countStuck();
        return stuck > 0 && 2 * stuck >= room ? $"{stuck} of {room} operations do not stop." : null;
    }
}

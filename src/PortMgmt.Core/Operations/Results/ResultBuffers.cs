using PortMgmt.Operations.History;

namespace PortMgmt.Operations.Results;

/// <summary>The buffers that a batch's lanes leave their results in, and what they have counted. Thread-safe.</summary>
/// <param name="newRecorder">Makes a record of what ended, for each buffer.</param>
internal sealed class ResultBuffers<TInput, TResult>(Func<OperationRecorder> newRecorder)
{
    /// <summary>So many more than there are processors that two that work at one time seldom share a buffer, however many lanes there are.</summary>
    private const int BuffersForEachProcessor = 8;

    private readonly Lock _lock = new();

    /// <summary>Made when the first of their lanes opens. The first is also for what ends without a lane: answers from the cache, refusals, cancellations.</summary>
    private readonly ResultBuffer<TInput, TResult>?[] _buffers = new ResultBuffer<TInput, TResult>?[BuffersForEachProcessor * Environment.ProcessorCount];

    private bool _isEnding;

    /// <summary>The buffers, with null for those that no lane has needed.</summary>
    public ReadOnlySpan<ResultBuffer<TInput, TResult>?> All => _buffers;

    /// <summary>How many operations ended.</summary>
    public long Ended
    {
        get
        {
            long total = 0;
            foreach (ResultBuffer<TInput, TResult>? buffer in _buffers)
            {
                total += buffer?.Ended.Total ?? 0;
            }

            return total;
        }
    }

    /// <summary>How many operations ended in which way.</summary>
    public BatchProgress Progress
    {
        get
        {
            BatchProgress progress = default;
            foreach (ResultBuffer<TInput, TResult>? buffer in _buffers)
            {
                progress = buffer?.Ended.AddTo(progress) ?? progress;
            }

            return progress;
        }
    }

    /// <summary>The buffer of a lane, or of what ends without one.</summary>
    /// <param name="lane">The lane's number; 0 for none.</param>
    public ResultBuffer<TInput, TResult> For(int lane)
    {
        ref ResultBuffer<TInput, TResult>? buffer = ref _buffers[lane % _buffers.Length];
        if (Volatile.Read(ref buffer) is { } known)
        {
            return known;
        }

        lock (_lock)
        {
            if (buffer is not null)
            {
                return buffer;
            }

            var made = new ResultBuffer<TInput, TResult>(newRecorder());
            if (_isEnding)
            {
                made.RecordEnding();
            }

            Volatile.Write(ref buffer, made);
            return made;
        }
    }

    /// <summary>The input has ended: whoever adds a result from here on is told so. When this returns, every earlier result is counted.</summary>
    public void RecordEnding()
    {
        lock (_lock)
        {
            _isEnding = true;
            foreach (ResultBuffer<TInput, TResult>? buffer in _buffers)
            {
                buffer?.RecordEnding();
            }
        }
    }

    /// <summary>Adds what was recorded of the operations to another recorder.</summary>
    public void AddTo(OperationRecorder other)
    {
        foreach (ResultBuffer<TInput, TResult>? buffer in _buffers)
        {
            buffer?.AddTo(other);
        }
    }
}

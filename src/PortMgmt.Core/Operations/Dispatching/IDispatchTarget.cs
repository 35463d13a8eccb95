namespace PortMgmt.Operations.Dispatching;

/// <summary>All that a dispatcher may ask of the batch that it works for. Unless said otherwise it is called without any lock held.</summary>
internal interface IDispatchTarget<TInput>
{
    /// <summary>No more operations can gather before one of those accepted ends. Perhaps under the dispatcher's lock.</summary>
    bool IsClogged { get; }

    /// <summary>The process leaves processors idle. Under the dispatcher's lock.</summary>
    bool IsProcessorLoadLow { get; }

    /// <summary>How many operations a chunk has at most, and how long it may gather, as they are set now. Under the dispatcher's lock.</summary>
    (int BatchSize, TimeSpan BatchFlush) GetChunkSettings();

    /// <summary>Makes one more lane; its worker is made when it is first woken. Under the dispatcher's lock.</summary>
    WorkerSlot<TInput> CreateSlot(int number);

    /// <summary>A worker got a chunk.</summary>
    void RecordChunk(int count);

    /// <summary>An executor was given up, or one that had been came back. Perhaps under the dispatcher's lock.</summary>
    void RecordStuck(int change);

    /// <summary>Ends an operation that was not started, because of a stop.</summary>
    void Cancel(Operation<TInput> operation);

    /// <summary>Ends an operation for which no worker can be had.</summary>
    void FailUnserved(Operation<TInput> operation, Exception error);

    /// <summary>Ends an attempt whose executor was given up.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="phase">The phase that the attempt was in.</param>
    void EndGivenUp(Operation<TInput> operation, int phase);

    /// <summary>The last worker left after the last operation had ended.</summary>
    void Finish();
}

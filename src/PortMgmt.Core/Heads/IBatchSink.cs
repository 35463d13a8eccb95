using PortMgmt.Operations;

namespace PortMgmt.Heads;

/// <summary>Where a <see cref="BatchPump{TInput, TResult}"/> puts results. Called by the thread that runs the pump.</summary>
internal interface IBatchSink<TInput, TResult>
{
    /// <summary>An operation ended.</summary>
    void Take(in OperationResult<TInput, TResult> result);

    /// <summary>There are no more results just now: what was taken is to be passed on, and whatever else is due may be done.</summary>
    void Flush();
}

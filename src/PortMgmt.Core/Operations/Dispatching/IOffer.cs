using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Dispatching;

/// <summary>
/// Operations that are offered to a batch. Whether they are accepted is decided under the dispatcher's lock, so that each is either queued
/// before the batch is stopped, or refused. Implemented by structures, so that an offer allocates nothing.
/// </summary>
internal interface IOffer<TInput>
{
    /// <summary>Accepts the next operation, if there is one and room for it. Under the dispatcher's lock.</summary>
    /// <param name="operation">The operation, which has to be queued: its time of acceptance is set.</param>
    /// <returns>False when there is nothing more to queue.</returns>
    bool TryAccept([NotNullWhen(true)] out Operation<TInput>? operation);
}

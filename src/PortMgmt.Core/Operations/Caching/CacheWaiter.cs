using PortMgmt.Operations.Results;

namespace PortMgmt.Operations.Caching;

/// <summary>An operation that waits for another of the same id, with its batch, which need not be the other's.</summary>
internal readonly record struct CacheWaiter<TInput, TResult>(OperationOutcome<TInput, TResult> Owner, Operation<TInput> Operation);

namespace PortMgmt.Operations.Caching;

/// <summary>What makes two operations the same: id, type, and what the executor is. All compared by ordinal.</summary>
internal readonly record struct CacheKey(string Id, string? Type, string Executor);

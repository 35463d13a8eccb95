namespace PortMgmt.Operations;

/// <summary>
/// Tells a batch that is started from within an operation from others. Its starter waits for it and holds a place under the limit
/// meanwhile; if the limit were taken literally and all places were held like that, nothing would ever move. So where both are under
/// the same limit, the inner batch's first lane runs on its starter's place.
/// </summary>
internal static class NestedBatches
{
    private static readonly AsyncLocal<ConcurrencyLimit?> Current = new();

    /// <summary>Whether the caller runs as an operation under the limit.</summary>
    public static bool IsWithin(ConcurrencyLimit limit) => Current.Value == limit;

    /// <summary>Marks the present thread, which belongs to a worker.</summary>
    public static void Mark(ConcurrencyLimit limit)
    {
        if (Current.Value != limit)
            Current.Value = limit;
    }

    /// <summary>The caller's context, marked; the caller's own stays as it is.</summary>
    public static ExecutionContext Enter(ConcurrencyLimit limit)
    {
        ConcurrencyLimit? before = Current.Value;
        Current.Value = limit;
        ExecutionContext context = ExecutionContext.Capture() ?? throw new InvalidOperationException(
            "The flow of the execution context is suppressed here: start batches outside of ExecutionContext.SuppressFlow.");
        Current.Value = before;
        return context;
    }
}

namespace PortMgmt.Operations.Concurrency;

/// <summary>
/// Tells a batch that is started from within an operation from others. Its starter waits for it and holds a permit under the limit
/// meanwhile; if the limit were taken literally and all permits were held like that, nothing would ever move. So where both are under
/// the same limit, one lane of the inner batch runs on its starter's permit.
/// </summary>
internal static class AmbientPermit
{
    private static readonly AsyncLocal<OperationPermit?> Current = new();

    /// <summary>A right to the permit of the operation within which the caller runs, if it is under the limit.</summary>
    public static BorrowedPermit? BorrowUnder(ConcurrencyLimit limit) =>
        Current.Value is { } permit && permit.Limit == limit && permit.Attempt is { } attempt ? new BorrowedPermit(permit, attempt) : null;

    /// <summary>Marks the present flow as that of the worker which holds the permit.</summary>
    public static void Set(OperationPermit permit)
    {
        if (Current.Value != permit)
        {
            Current.Value = permit;
        }
    }
}

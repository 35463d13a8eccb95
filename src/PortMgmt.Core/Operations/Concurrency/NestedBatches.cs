namespace PortMgmt.Operations.Concurrency;

/// <summary>
/// Tells a batch that is started from within an operation from others. Its starter waits for it and holds a place under the limit
/// meanwhile; if the limit were taken literally and all places were held like that, nothing would ever move. So where both are under
/// the same limit, one lane of the inner batch runs on its starter's place.
/// </summary>
internal static class NestedBatches
{
    private static readonly AsyncLocal<StarterPlace?> Current = new();

    /// <summary>A loan of the place of the operation within which the caller runs, if it is under the limit.</summary>
    public static StarterLoan? LoanUnder(ConcurrencyLimit limit) =>
        Current.Value is { } place && place.Limit == limit && place.Attempt is { } attempt ? new StarterLoan(place, attempt) : null;

    /// <summary>Marks the present flow as that of the worker which holds the place.</summary>
    public static void Mark(StarterPlace place)
    {
        if (Current.Value != place)
        {
            Current.Value = place;
        }
    }
}

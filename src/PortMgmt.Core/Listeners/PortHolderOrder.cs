namespace PortMgmt.Listeners;

/// <summary>The most telling first: listening, bound, connected, closed; of those that are alike, by <see cref="PortListenerOrder"/>.</summary>
internal sealed class PortHolderOrder : IComparer<PortHolder>
{
    public static PortHolderOrder Instance { get; } = new();

    public int Compare(PortHolder? x, PortHolder? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        int order = x.Use.CompareTo(y.Use);
        return order == 0 ? PortListenerOrder.Instance.Compare(x.Socket, y.Socket) : order;
    }
}

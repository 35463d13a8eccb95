using System.Net;

namespace PortMgmt.Listeners;

/// <summary>By rising port, TCP before UDP, IPv4 before IPv6, then by address and process.</summary>
internal sealed class PortListenerOrder : IComparer<PortListener>
{
    public static PortListenerOrder Instance { get; } = new();

    public int Compare(PortListener? x, PortListener? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        int order = x.Port.CompareTo(y.Port);
        if (order == 0)
        {
            order = x.Protocol.CompareTo(y.Protocol);
        }

        if (order == 0)
        {
            order = CompareAddresses(x.Address, y.Address);
        }

        return order == 0 ? Nullable.Compare(x.Id, y.Id) : order;
    }

    private static int CompareAddresses(IPAddress x, IPAddress y)
    {
        Span<byte> left = stackalloc byte[16];
        Span<byte> right = stackalloc byte[16];
        x.TryWriteBytes(left, out int leftLength);
        y.TryWriteBytes(right, out int rightLength);
        return leftLength == rightLength
            ? left[..leftLength].SequenceCompareTo(right[..rightLength])
            : leftLength.CompareTo(rightLength);
    }
}

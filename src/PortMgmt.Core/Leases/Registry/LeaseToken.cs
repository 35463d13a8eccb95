using System.Buffers;
using System.Globalization;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>A lease's token: where it is, and the fence that tells it from its successors there. Written <c>18080t-5f0c…</c>.</summary>
/// <param name="Port">The port.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Fence">24 hexadecimal digits.</param>
internal readonly record struct LeaseToken(int Port, PortProtocol Protocol, string Fence)
{
    public const int FenceLength = 24;

    private static readonly SearchValues<char> FenceDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>A new fence, of some 90 bits from the system's own generator.</summary>
    public static string NewFence() => Guid.NewGuid().ToString("N")[^FenceLength..];

    /// <summary>Whether a text is a fence.</summary>
    public static bool IsFence(ReadOnlySpan<char> text) => text.Length == FenceLength && !text.ContainsAnyExcept(FenceDigits);

    public static LeaseToken From(SlotRecord record) => new(record.Port, record.Protocol, record.Fence);

    /// <summary>Whether a text is a token.</summary>
    public static bool IsOne(string text) => TryParse(text) is not null;

    /// <summary>Reads a token.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/> when the text is none.</exception>
    public static LeaseToken Parse(string text) => TryParse(text)
        ?? throw PortRefusals.Invalid("The text is no token of a lease: a token is what the maker of a lease is shown, such as 18080t-0123456789abcdef01234567.");

    private static LeaseToken? TryParse(string text)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        int port = 0;
        bool valid = dash > 1 && IsFence(text.AsSpan(dash + 1))
            && int.TryParse(text.AsSpan(0, dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is >= 1 and <= 65535 && "tub".Contains(text[dash - 1], StringComparison.Ordinal);
        if (!valid)
        {
            return null;
        }

        PortProtocol protocol = text[dash - 1] switch { 't' => PortProtocol.Tcp, 'u' => PortProtocol.Udp, _ => PortProtocol.Both };
        return new LeaseToken(port, protocol, text[(dash + 1)..]);
    }

    public override string ToString()
    {
        char protocol = Protocol switch { PortProtocol.Tcp => 't', PortProtocol.Udp => 'u', _ => 'b' };
        return string.Create(CultureInfo.InvariantCulture, $"{Port}{protocol}-{Fence}");
    }
}

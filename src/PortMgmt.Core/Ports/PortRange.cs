using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PortMgmt.Ports;

/// <summary>An inclusive range of port numbers, written <c>10000-29999</c>, or <c>8080</c> for one port.</summary>
public readonly record struct PortRange : ISpanParsable<PortRange>
{
    /// <summary>Makes a range.</summary>
    /// <param name="first">The lowest port, 1 to 65535.</param>
    /// <param name="last">The highest port, from <paramref name="first"/> to 65535.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound lies outside 1 to 65535, or the last is below the first.</exception>
    public PortRange(int first, int last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, 65535);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        First = first;
        Last = last;
    }

    /// <summary>The lowest port of the range.</summary>
    public int First { get; }

    /// <summary>The highest port of the range.</summary>
    public int Last { get; }

    /// <summary>How many ports the range has.</summary>
    public int Count => Last - First + 1;

    /// <summary>Whether the range has this port.</summary>
    /// <param name="port">A port number.</param>
    public bool Contains(int port) => port >= First && port <= Last;

    /// <summary>Reads <c>A-B</c> or <c>A</c>.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used: port numbers have no culture.</param>
    /// <exception cref="FormatException">The text is no range of ports; the message says what is expected.</exception>
    public static PortRange Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out PortRange range)
            ? range
            : throw new FormatException($"'{s}' is no port range: write A-B with 1 <= A <= B <= 65535, such as 10000-29999, or a single port.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static PortRange Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads <c>A-B</c> or <c>A</c>; false when the text is neither.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The range read.</param>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out PortRange result)
    {
        int dash = s.IndexOf('-');
        ReadOnlySpan<char> low = dash < 0 ? s : s[..dash];
        ReadOnlySpan<char> high = dash < 0 ? s : s[(dash + 1)..];
        bool valid = TryParsePort(low, out int first) & TryParsePort(high, out int last) && first <= last;
        result = valid ? new PortRange(first, last) : default;
        return valid;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out PortRange)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PortRange result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>The range as <c>A-B</c>, or <c>A</c> when it has one port.</summary>
    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}

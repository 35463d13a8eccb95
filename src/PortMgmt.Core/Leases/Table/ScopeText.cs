using System.Globalization;
using System.Text;

namespace PortMgmt.Leases.Table;

/// <summary>
/// The text of a scope as the table keeps it. A slot has room for so much: of a longer one the end is kept, behind a hash of the
/// whole, so that two long paths that end alike are still two scopes. In the table, what is no plain ASCII is written as
/// <c>%C3%BC</c>, as in an address.
/// </summary>
internal static class ScopeText
{
    /// <summary>The most bytes that an encoded scope has.</summary>
    public const int MaxEncodedLength = 192;

    /// <summary>Longer than any path.</summary>
    public const int MaxLength = 4096;

    /// <summary>How scopes are compared: as the paths of this system are.</summary>
    public static StringComparison Comparison { get; } =
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    // A spreadsheet takes a cell that begins like this for a formula.
    private const string NoBeginnings = "=+-@";

    /// <summary>The first character that no scope may have, by its position; -1 when there is none.</summary>
    public static int FindStranger(string text)
    {
        if (text.Length > 0 && NoBeginnings.Contains(text[0], StringComparison.Ordinal))
        {
            return 0;
        }

        for (int i = 0; i < text.Length; i++)
        {
            int length = char.IsSurrogatePair(text, i) ? 2 : 1;
            if (CharUnicodeInfo.GetUnicodeCategory(text, i) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned)
            {
                return i;
            }

            i += length - 1;
        }

        return -1;
    }

    /// <summary>The form that is kept.</summary>
    /// <param name="text">A scope in which there is no stranger.</param>
    public static string Shorten(string text)
    {
        if (Encode(text).Length <= MaxEncodedLength)
        {
            return text;
        }

        string front = Allocation.StickyHash.Compute(text).ToString("x16", CultureInfo.InvariantCulture) + "~";
        int start = text.Length;
        int room = MaxEncodedLength - front.Length;
        while (start > 0)
        {
            int next = start > 1 && char.IsSurrogatePair(text[start - 2], text[start - 1]) ? start - 2 : start - 1;
            room -= Encode(text[next..start]).Length;
            if (room < 0)
            {
                break;
            }

            start = next;
        }

        return front + text[start..];
    }

    /// <summary>A scope in plain ASCII without blanks.</summary>
    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length + 16);
        foreach (byte letter in Encoding.UTF8.GetBytes(text))
        {
            _ = letter is >= (byte)'!' and <= (byte)'~' and not (byte)'%'
                ? encoded.Append((char)letter)
                : encoded.Append(CultureInfo.InvariantCulture, $"%{letter:X2}");
        }

        return encoded.ToString();
    }

    /// <summary>The scope that was encoded; null when no call could have written that.</summary>
    public static string? Decode(string encoded)
    {
        string text = encoded.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(encoded) : encoded;
        bool isOne = encoded.Length is > 0 and <= MaxEncodedLength && FindStranger(text) < 0 && Encode(text) == encoded;
        return isOne ? text : null;
    }
}

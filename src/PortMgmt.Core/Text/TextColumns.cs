using System.Text;

namespace PortMgmt.Text;

/// <summary>How many columns of a terminal a text takes: two for the wide characters of East Asia and for pictures, none for what stands over others.</summary>
internal static class TextColumns
{
    /// <summary>The longest beginning of a text that fits, and how many columns it takes.</summary>
    public static (string Text, int Columns) Cut(string text, int columns)
    {
        int taken = 0;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int width = Of(rune);
            if (taken + width > columns)
            {
                break;
            }

            taken += width;
            length += rune.Utf16SequenceLength;
        }

        return (text[..length], taken);
    }

    private static int Of(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.EnclosingMark => 0,
        _ => rune.Value switch
        {
            (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3) or (>= 0xf900 and <= 0xfaff)
                or (>= 0xfe30 and <= 0xfe6f) or (>= 0xff00 and <= 0xff60) or (>= 0xffe0 and <= 0xffe6)
                or (>= 0x1f300 and <= 0x1faff) or (>= 0x20000 and <= 0x3fffd) => 2,
            _ => 1,
        },
    };
}

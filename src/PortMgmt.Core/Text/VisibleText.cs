using System.Globalization;
using System.Text;

namespace PortMgmt.Text;

/// <summary>
/// Text that a terminal only shows and never obeys. Names and programs come from other people: control characters
/// (escape sequences), line breaks and direction overrides are written out as <c>\u001b</c>. Shared by the module's views and errors and
/// by all that the command line writes for people.
/// </summary>
internal static class VisibleText
{
    /// <summary>The text with everything invisible written out.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="longest">How many characters of the text are shown at most; the rest becomes an ellipsis.</param>
    /// <returns>The text itself where all of it is visible.</returns>
    public static string From(string text, int longest = int.MaxValue) => From(text, longest, keepsLines: false);

    /// <summary>The text with everything invisible written out but what makes lines and columns of it: line feeds, also behind a carriage return, and tabs.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text itself where all of it is visible.</returns>
    public static string FromLines(string text) => From(text, int.MaxValue, keepsLines: true);

    private static string From(string text, int longest, bool keepsLines)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? visible = null;
        int position = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // EnumerateRunes shows a broken surrogate as U+FFFD, which is harmless and takes its place.
            bool plain = IsVisible(rune) || (keepsLines && IsBreak(text, position));
            if (position + rune.Utf16SequenceLength > longest)
            {
                return (visible ?? new StringBuilder(text, 0, position, longest)).Append("...").ToString();
            }

            if (visible is null && !plain)
            {
                visible = new StringBuilder(text, 0, position, text.Length + 16);
            }

            if (plain)
            {
                visible?.Append(rune.ToString());
            }
            else
            {
                visible!.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }

            position += rune.Utf16SequenceLength;
        }

        return visible?.ToString() ?? text;
    }

    private static bool IsBreak(string text, int position) =>
        text[position] is '\n' or '\t' || (text[position] == '\r' && position + 1 < text.Length && text[position + 1] == '\n');

    private static bool IsVisible(Rune rune) => rune.IsAscii
        ? !Rune.IsControl(rune)
        : Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse);
}

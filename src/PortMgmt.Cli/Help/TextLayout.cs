using System.Text;

namespace PortMgmt.Cli.Help;

/// <summary>Text for a terminal of 80 columns: broken between words and never inside one.</summary>
internal static class TextLayout
{
    /// <summary>How wide a line may be.</summary>
    public const int Width = 80;

    /// <summary>Adds a text whose lines all begin in one column.</summary>
    /// <param name="page">The page.</param>
    /// <param name="indent">The column.</param>
    /// <param name="text">The text.</param>
    public static void AddParagraph(StringBuilder page, int indent, string text)
    {
        int column = 0;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                page.Append('\n');
                column = 0;
            }

            page.Append(' ', column == 0 ? indent : 1).Append(word);
            column += (column == 0 ? indent : 1) + word.Length;
        }

        page.Append('\n');
    }

    /// <summary>Adds terms, each with its text beside it; a term that is too long for its column has its text below.</summary>
    /// <param name="page">The page.</param>
    /// <param name="rows">Terms and texts.</param>
    /// <param name="widest">How wide the column of terms may be.</param>
    public static void AddRows(StringBuilder page, IReadOnlyList<(string Term, string Text)> rows, int widest)
    {
        const int Margin = 2;
        int column = rows.Max(row => row.Term.Length <= widest ? row.Term.Length : 0) + (2 * Margin);
        foreach ((string term, string text) in rows)
        {
            var beside = new StringBuilder();
            AddParagraph(beside, column, text);
            page.Append(' ', Margin).Append(term);
            if (term.Length + (2 * Margin) > column)
            {
                page.Append('\n').Append(beside);
                continue;
            }

            int written = Margin + term.Length;
            page.Append(' ', column - written).Append(beside, Math.Min(column, beside.Length), Math.Max(0, beside.Length - column));
        }
    }
}

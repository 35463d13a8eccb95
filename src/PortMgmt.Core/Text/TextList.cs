using System.Collections.ObjectModel;

namespace PortMgmt.Text;

/// <summary>
/// A list whose text is that of its items. What writes a property into a cell, as Export-Csv does, takes its text, which of an array is
/// the name of its type.
/// </summary>
/// <param name="items">The items, which are not to change any more.</param>
/// <param name="separator">What stands between them in the text.</param>
internal sealed class TextList<T>(IList<T> items, string separator) : ReadOnlyCollection<T>(items)
{
    /// <summary>Between names and numbers.</summary>
    private const string Comma = ", ";

    /// <summary>Between sentences, which may have commas.</summary>
    private const string Semicolon = "; ";

    private static readonly TextList<T> None = new([], Comma);

    /// <summary>Names, numbers and what else is a word.</summary>
    /// <param name="items">The items; a list that may change is copied.</param>
    public static TextList<T> Words(IReadOnlyList<T> items) => From(items, Comma);

    /// <summary>Messages, reasons and what else is a sentence.</summary>
    /// <param name="items">The items; a list that may change is copied.</param>
    public static TextList<T> Sentences(IReadOnlyList<T> items) => From(items, Semicolon);

    /// <inheritdoc/>
    public override string ToString() => string.Join(separator, this);

    private static TextList<T> From(IReadOnlyList<T> items, string separator)
    {
        if (items is TextList<T> same)
        {
            return same;
        }

        return items.Count == 0 ? None : new TextList<T>(items as T[] ?? [.. items], separator);
    }
}

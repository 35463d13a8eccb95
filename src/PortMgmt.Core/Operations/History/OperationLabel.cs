using System.Globalization;

namespace PortMgmt.Operations.History;

/// <summary>Short texts for what callers and executors hand over. An input's own text is not asked for: it may take long, or throw.</summary>
internal static class OperationLabel
{
    public const int MaxInputLength = 200;
    public const int MaxErrorLength = 500;

    /// <summary>An input as text; null where it is neither a text nor one of the simple values.</summary>
    public static string? From(object? input) => input switch
    {
        string text => Cut(text, MaxInputLength),
        Uri uri => Cut(uri.OriginalString, MaxInputLength),
        DateTime or DateTimeOffset or TimeSpan or Guid or decimal or Enum => ((IFormattable)input).ToString(null, CultureInfo.InvariantCulture),
        IConvertible when input.GetType().IsPrimitive => Convert.ToString(input, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>An error's message; null for no error.</summary>
    public static string? From(Exception? error)
    {
        try
        {
            return error is null ? null : Cut(error.Message, MaxErrorLength);
        }
        catch (Exception)
        {
            // A message is code of whoever made the exception; its type says something too.
            return error!.GetType().ToString();
        }
    }

    private static string Cut(string text, int longest) => text.Length <= longest
        ? text
        : string.Concat(text.AsSpan(0, longest - (char.IsHighSurrogate(text[longest - 1]) ? 1 : 0)), "…");
}

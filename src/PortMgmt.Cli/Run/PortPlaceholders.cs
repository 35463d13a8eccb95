using System.Globalization;
using System.Text;
using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Run;

/// <summary>
/// Puts ports into a command's arguments: <c>{port}</c> is the first, <c>{port:K}</c> the K-th. A doubled brace in front,
/// <c>{{port}</c>, stands for the text <c>{port}</c>. Everything else, other braces too, stays as it is.
/// </summary>
internal static class PortPlaceholders
{
    private const string Opening = "{port";

    /// <summary>The argument with its placeholders replaced.</summary>
    /// <param name="argument">Any text; on Unix each character is one byte.</param>
    /// <param name="ports">The leased ports, at least one.</param>
    /// <exception cref="UsageException">A placeholder asks for a port that was not leased.</exception>
    public static string Replace(string argument, IReadOnlyList<int> ports)
    {
        int next = argument.IndexOf(Opening, StringComparison.Ordinal);
        if (next < 0)
        {
            return argument;
        }

        var result = new StringBuilder(argument.Length);
        int done = 0;
        for (; next >= 0; next = argument.IndexOf(Opening, Math.Max(next + 1, done), StringComparison.Ordinal))
        {
            if (TryRead(argument.AsSpan(next), out int length, out int index))
            {
                bool literal = next > done && argument[next - 1] == '{';
                result.Append(argument, done, next - done - (literal ? 1 : 0));
                result.Append(literal ? argument.AsSpan(next, length) : PortText(ports, index, argument.Substring(next, length)));
                done = next + length;
            }
        }

        return result.Append(argument, done, argument.Length - done).ToString();
    }

    private static bool TryRead(ReadOnlySpan<char> text, out int length, out int index)
    {
        length = text.IndexOf('}') + 1;
        index = 1;
        return length > 0 && (text[Opening.Length] == '}'
            || (text[Opening.Length] == ':' && int.TryParse(text[(Opening.Length + 1)..(length - 1)], NumberStyles.None, CultureInfo.InvariantCulture, out index)));
    }

    private static string PortText(IReadOnlyList<int> ports, int index, string placeholder) => index >= 1 && index <= ports.Count
        ? ports[index - 1].ToString(CultureInfo.InvariantCulture)
        : throw new UsageException($"{placeholder} asks for a port that is not leased: there {(ports.Count == 1 ? "is 1" : $"are {ports.Count}")}. Give --count or more names, or use {(ports.Count == 1 ? "{port}" : $"{{port:1}} to {{port:{ports.Count}}}")}.");
}

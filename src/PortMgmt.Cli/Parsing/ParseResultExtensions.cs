using System.CommandLine;
using System.Globalization;
using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.Cli.Parsing;

/// <summary>
/// Options read as what they mean, each with its own error. All are text to the parser: its generics over numbers would have
/// to be compiled at every start (see <see cref="Flag"/>).
/// </summary>
internal static class ParseResultExtensions
{
    /// <summary>A text that, when given, is not empty; null when not given.</summary>
    public static string? GetText(this ParseResult parsed, Option<string> option)
    {
        string? text = parsed.GetValue(option);
        return text is { Length: 0 }
            ? throw new UsageException($"{option.Name} is empty. Leave it out, or give it a value.")
            : text;
    }

    /// <summary>The texts of an option that may be given several times, none of them empty.</summary>
    public static IReadOnlyList<string> GetTexts(this ParseResult parsed, Option<string[]> option)
    {
        string[] texts = parsed.GetValue(option) ?? [];
        return texts.Contains("") ? throw new UsageException($"{option.Name} is empty. Leave it out, or give it a value.") : texts;
    }

    /// <summary>An argument that, when given, is not empty and no misspelt option; null when not given.</summary>
    public static string? GetText(this ParseResult parsed, Argument<string> argument) =>
        parsed.GetValue(argument) is { } text ? CheckArgument(text, argument.Name) : null;

    /// <summary>A text that may be given as an argument or by an option; null when not given.</summary>
    /// <exception cref="UsageException">It is given in both ways.</exception>
    public static string? GetText(this ParseResult parsed, Argument<string> argument, Option<string> option) =>
        (parsed.GetText(argument), parsed.GetText(option)) switch
        {
            ({ } first, { } second) => throw new UsageException($"{argument.Name} is given in two ways, '{first}' as an argument and '{second}' by {option.Name}. Give it in one."),
            var (first, second) => first ?? second,
        };

    /// <summary>Arguments of which none is empty, or a misspelt option.</summary>
    public static IReadOnlyList<string> GetTexts(this ParseResult parsed, Argument<string[]> argument) =>
        Array.ConvertAll(parsed.GetValue(argument) ?? [], text => CheckArgument(text, argument.Name));

    /// <summary>A whole number within bounds; null when not given.</summary>
    public static int? GetNumber(this ParseResult parsed, Option<string> option, int least, int most) =>
        parsed.GetText(option) is { } text ? ParseNumber(text, option.Name, least, most) : null;

    /// <summary>Whole numbers within bounds, separated by commas; empty when not given.</summary>
    public static int[] GetNumbers(this ParseResult parsed, Option<string> option, int least, int most) =>
        Array.ConvertAll(SplitList(parsed, option), text => ParseNumber(text, option.Name, least, most));

    /// <summary>A duration; null when not given.</summary>
    public static TimeSpan? GetDuration(this ParseResult parsed, Option<string> option)
    {
        if (parsed.GetText(option) is not { } text)
        {
            return null;
        }

        return DurationText.TryParse(text, out TimeSpan duration)
            ? duration
            : throw new UsageException($"'{text}' is no duration for {option.Name}. {DurationText.Explain(text)}");
    }

    /// <summary>A range of ports; null when not given.</summary>
    public static PortRange? GetRange(this ParseResult parsed, Option<string> option) =>
        parsed.GetText(option) is { } text ? ParseRange(text, option.Name) : null;

    /// <summary>Ports and ranges separated by commas; empty when not given.</summary>
    public static IReadOnlyList<PortRange> GetRanges(this ParseResult parsed, Option<string> option)
    {
        string[] parts = SplitList(parsed, option);
        var ranges = new PortRange[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            ranges[i] = ParseRange(parts[i], option.Name);
        }

        return ranges;
    }

    /// <summary>A protocol; TCP when not given.</summary>
    public static PortProtocol GetProtocol(this ParseResult parsed, Option<string> option) => parsed.GetText(option) switch
    {
        null or "tcp" => PortProtocol.Tcp,
        "udp" => PortProtocol.Udp,
        "both" => PortProtocol.Both,
        string other => throw new UsageException($"'{other}' is no protocol for {option.Name}. Write tcp, udp or both."),
    };

    /// <summary>Reads a whole number within bounds.</summary>
    public static int ParseNumber(string text, string what, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new UsageException($"'{text}' is not valid for {what}. Write a whole number from {least} to {most}.");

    private static string CheckArgument(string text, string name) => text switch
    {
        { Length: 0 } => throw new UsageException($"{name} is empty. Leave it out, or give it a value."),
        ['-', ..] => throw new UsageException($"'{text}' is no option here. 'portmgmt help' tells which there are."),
        _ => text,
    };

    // With blanks, too, as lists are written elsewhere.
    private static string[] SplitList(ParseResult parsed, Option<string> option) => parsed.GetText(option)?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private static PortRange ParseRange(string text, string what) => PortRange.TryParse(text, null, out PortRange range)
        ? range
        : throw new UsageException($"'{text}' is no port range for {what}. Write A-B with 1 <= A <= B <= 65535, such as 10000-29999, or a single port.");
}

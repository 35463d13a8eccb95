using System.Globalization;
using System.Text.Json;
using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.Leases.Policy;

/// <summary>Reads the text of a policy's file. What is wrong with it is said in words that name what was expected.</summary>
internal static class PolicyReader
{
    private const string Settings = "defaultRange, exclude, reservations, maxTimeToLive";

    private const string Example = "an object such as { \"defaultRange\": \"20000-29999\" }";

    private static readonly JsonDocumentOptions Format = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a policy.</summary>
    /// <exception cref="FormatException">It is none; the message is a clause that says why.</exception>
    public static PortPolicy Read(ReadOnlyMemory<byte> text)
    {
        if (text.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new FormatException($"the file is empty, and should have {Example}");
        }

        try
        {
            using var document = JsonDocument.Parse(text, Format);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            string where = string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber + 1}, character {e.BytePositionInLine + 1}");
            throw new FormatException($"from {where} on it is no JSON", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("a text in it has half a surrogate pair, such as \\ud800, which is no text", e);
        }
    }

    private static PortPolicy Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"it is {Describe(root)}, and should be {Example}");
        }

        var policy = new PortPolicy();
        foreach (JsonProperty property in root.EnumerateObject())
        {
            policy = property.Name switch
            {
                "defaultRange" => policy with { DefaultRange = ReadRange(property.Value, "'defaultRange'") },
                "exclude" => policy with { Exclude = ReadRanges(property.Value) },
                "reservations" => policy with { Reservations = ReadReservations(property.Value) },
                "maxTimeToLive" => policy with { MaxTimeToLive = ReadTime(property.Value) },
                _ => throw new FormatException($"'{property.Name}' is none of {Settings}"),
            };
        }

        return policy;
    }

    private static PortRange ReadRange(JsonElement value, string what) =>
        value.ValueKind == JsonValueKind.String && PortRange.TryParse(value.GetString(), CultureInfo.InvariantCulture, out PortRange range)
            ? range
            : throw Unexpected(what, value, "a text with a port or a range of 1 to 65535, such as \"20000-29999\"");

    private static PortRange[] ReadRanges(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(static item => ReadRange(item, "in 'exclude' there"))]
        : throw Unexpected("'exclude'", value, "a list such as [\"8080\", \"9000-9100\"]");

    private static Dictionary<string, int> ReadReservations(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Unexpected("'reservations'", value, "an object such as { \"web\": 8443 }");
        }

        var reservations = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty entry in value.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int port))
            {
                throw Unexpected($"the port of '{entry.Name}'", entry.Value, "a number of 1 to 65535");
            }

            if (!reservations.TryAdd(entry.Name, port))
            {
                throw new FormatException($"the name '{entry.Name}' has two ports reserved (names differ by more than case)");
            }
        }

        return reservations;
    }

    private static TimeSpan? ReadTime(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String && TryReadTime(value.GetString()!, out TimeSpan time) ? time
        : throw Unexpected("'maxTimeToLive'", value, "a text such as \"8h\" or \"1.12:00:00\", or null for no limit");

    // A number alone could be one of days, as .NET has it, or of seconds.
    private static bool TryReadTime(string text, out TimeSpan time)
    {
        time = default;
        return text.Contains(':') ? TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out time)
            : text.Length > 0 && char.IsAsciiLetter(text[^1]) && DurationText.TryParse(text, out time);
    }

    private static FormatException Unexpected(string what, JsonElement value, string expected) =>
        new($"{what} is {Describe(value)}, and should be {expected}");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => $"'{value.GetString()}'",
        _ => value.GetRawText(),
    };
}

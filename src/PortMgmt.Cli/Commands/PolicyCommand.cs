using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PortMgmt.Cli.Output;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.Cli.Commands;

/// <summary><c>policy</c>: what every caller of the registry honours.</summary>
internal sealed class PolicyCommand(GlobalOptions globals) : CliCommand("policy", "Show the registry's policy.", globals)
{
    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        Print(OpenRegistry(parsed).GetPolicy(), OpenOutput(parsed));
        return ExitCodes.Done;
    }

    /// <summary>Prints a policy.</summary>
    public static void Print(PortPolicy policy, CommandOutput output)
    {
        if (output.Json)
        {
            output.WriteArray([policy], Write);
        }
        else
        {
            output.WriteTable(TableOf(policy), "");
        }
    }

    private static void Write(Utf8JsonWriter writer, PortPolicy policy)
    {
        writer.WriteString("defaultRange", policy.DefaultRange.ToString());
        writer.WriteStartArray("exclude");
        foreach (PortRange range in policy.Exclude)
        {
            writer.WriteStringValue(range.ToString());
        }

        writer.WriteEndArray();
        writer.WriteStartObject("reservations");
        foreach ((string name, int port) in policy.Reservations)
        {
            writer.WriteNumber(name, port);
        }

        writer.WriteEndObject();
        writer.WriteString("maxTimeToLive", policy.MaxTimeToLive is { } longest ? DurationText.Format(longest) : null);
    }

    private static TextTable TableOf(PortPolicy policy)
    {
        var table = new TextTable("SETTING", "VALUE");
        table.Add(RowStyle.Plain, "default range", policy.DefaultRange.ToString());
        table.Add(RowStyle.Plain, "exclude", LeaseListing.Text(string.Join(", ", policy.Exclude)));
        table.Add(RowStyle.Plain, "longest time to live", policy.MaxTimeToLive is { } longest ? DurationText.Format(longest) : "-");
        foreach ((string name, int port) in policy.Reservations)
        {
            table.Add(RowStyle.Plain, "reservation", string.Create(CultureInfo.InvariantCulture, $"{name}={port}"));
        }

        return table;
    }
}

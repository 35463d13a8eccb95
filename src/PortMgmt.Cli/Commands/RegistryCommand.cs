using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PortMgmt.Cli.Output;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>registry</c>: where it is, how full, who waits.</summary>
internal sealed class RegistryCommand(GlobalOptions globals) : CliCommand("registry", "Show where the registry is, how full and who waits for it.", globals)
{
    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        PortRegistryStatus status = OpenToRead(parsed).GetStatus();
        Print(status, OpenOutput(parsed));
        foreach (string problem in status.Problems)
        {
            ErrorLine.Write(problem);
        }

        return status.Problems.Count == 0 ? ExitCodes.Done : ExitCodes.Registry;
    }

    /// <summary>Prints a registry's status.</summary>
    public static void Print(PortRegistryStatus status, CommandOutput output)
    {
        if (output.Json)
        {
            output.WriteArray([status], Write);
        }
        else
        {
            output.WriteTable(TableOf(status), "");
        }
    }

    private static string SourceName(PortRegistrySource source) => source switch
    {
        PortRegistrySource.Option => "option",
        PortRegistrySource.Environment => "environment",
        PortRegistrySource.MachineWide => "machineWide",
        _ => "user",
    };

    private static void Write(Utf8JsonWriter writer, PortRegistryStatus status)
    {
        writer.WriteString("directory", status.Directory);
        writer.WriteString("source", SourceName(status.Source));
        writer.WriteString("tableFile", status.TableFile);
        LeaseJson.WriteNumber(writer, "tableBytes", status.TableBytes);
        LeaseJson.WriteNumber(writer, "activeLeases", status.ActiveLeases);
        LeaseJson.WriteNumber(writer, "staleLeases", status.StaleLeases);
        LeaseJson.WriteNumber(writer, "quarantinedPorts", status.QuarantinedPorts);
        LeaseJson.WriteNumber(writer, "usablePorts", status.UsablePorts);
        LeaseJson.WriteNumber(writer, "lockHolder", status.LockHolder);
        writer.WriteStartArray("lockWaiters");
        foreach (int processId in status.LockWaiters)
        {
            writer.WriteNumberValue(processId);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("problems");
        foreach (string problem in status.Problems)
        {
            writer.WriteStringValue(problem);
        }

        writer.WriteEndArray();
    }

    private static TextTable TableOf(PortRegistryStatus status)
    {
        var table = new TextTable("REGISTRY", "");
        table.Add(RowStyle.Plain, "directory", status.Directory);
        table.Add(RowStyle.Plain, "chosen by", SourceName(status.Source));
        table.Add(RowStyle.Plain, "table", LeaseListing.Text(status.TableFile));
        table.Add(RowStyle.Plain, "size on disk", status.TableBytes is long size ? string.Create(CultureInfo.InvariantCulture, $"{size} bytes") : LeaseListing.Text(null));
        table.Add(RowStyle.Plain, "active leases", LeaseListing.Number(status.ActiveLeases));
        table.Add(status.StaleLeases > 0 ? RowStyle.Attention : RowStyle.Plain, "stale leases", LeaseListing.Number(status.StaleLeases));
        table.Add(RowStyle.Plain, "quarantined ports", LeaseListing.Number(status.QuarantinedPorts));
        table.Add(RowStyle.Plain, "usable ports", LeaseListing.Number(status.UsablePorts));
        table.Add(RowStyle.Plain, "lock held by", LeaseListing.Number(status.LockHolder));
        table.Add(RowStyle.Plain, "waiting", LeaseListing.Text(string.Join(", ", status.LockWaiters)));
        return table;
    }
}

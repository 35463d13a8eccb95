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
        Print(OpenRegistry(parsed).GetStatus(), OpenOutput(parsed));
        return ExitCodes.Done;
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
        writer.WriteNumber("tableBytes", status.TableBytes);
        writer.WriteNumber("activeLeases", status.ActiveLeases);
        writer.WriteNumber("staleLeases", status.StaleLeases);
        writer.WriteNumber("quarantinedPorts", status.QuarantinedPorts);
        writer.WriteNumber("usablePorts", status.UsablePorts);
        LeaseJson.WriteNumber(writer, "lockHolder", status.LockHolder);
        writer.WriteStartArray("lockWaiters");
        foreach (int processId in status.LockWaiters)
        {
            writer.WriteNumberValue(processId);
        }

        writer.WriteEndArray();
    }

    private static TextTable TableOf(PortRegistryStatus status)
    {
        var table = new TextTable("REGISTRY", "");
        table.Add(RowStyle.Plain, "directory", status.Directory);
        table.Add(RowStyle.Plain, "chosen by", SourceName(status.Source));
        table.Add(RowStyle.Plain, "table", status.TableFile);
        table.Add(RowStyle.Plain, "size on disk", string.Create(CultureInfo.InvariantCulture, $"{status.TableBytes} bytes"));
        table.Add(RowStyle.Plain, "active leases", LeaseListing.Number(status.ActiveLeases));
        table.Add(status.StaleLeases > 0 ? RowStyle.Attention : RowStyle.Plain, "stale leases", LeaseListing.Number(status.StaleLeases));
        table.Add(RowStyle.Plain, "quarantined ports", LeaseListing.Number(status.QuarantinedPorts));
        table.Add(RowStyle.Plain, "usable ports", LeaseListing.Number(status.UsablePorts));
        table.Add(RowStyle.Plain, "lock held by", LeaseListing.Number(status.LockHolder));
        table.Add(RowStyle.Plain, "waiting", LeaseListing.Text(string.Join(", ", status.LockWaiters)));
        return table;
    }
}

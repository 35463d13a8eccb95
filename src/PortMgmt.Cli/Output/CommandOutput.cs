using System.Text;
using System.Text.Json;
using PortMgmt.Text;

namespace PortMgmt.Cli.Output;

/// <summary>What a verb tells on standard output: JSON for programs, or lines and tables for people.</summary>
/// <param name="stream">Where to.</param>
/// <param name="json">Whether the caller asked for JSON.</param>
internal sealed class CommandOutput(Stream stream, bool json)
{
    /// <summary>Whether the caller asked for JSON.</summary>
    public bool Json => json;

    /// <summary>Writes a line for people.</summary>
    public void WriteLine(string line) => stream.Write(Encoding.UTF8.GetBytes($"{VisibleText.From(line)}\n"));

    /// <summary>Writes an array of objects, in one piece and only when all of it could be made.</summary>
    /// <param name="items">The objects.</param>
    /// <param name="writeMembers">Writes one object's members.</param>
    public void WriteArray<T>(IReadOnlyList<T> items, Action<Utf8JsonWriter, T> writeMembers)
        where T : class
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            for (int i = 0; i < items.Count; i++)
            {
                writer.WriteStartObject();
                writeMembers(writer, items[i]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        buffer.WriteByte((byte)'\n');
        stream.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Writes a table for people, or a line when it has no rows.</summary>
    public void WriteTable(TextTable table, string whenEmpty)
    {
        if (table.IsEmpty)
        {
            WriteLine(whenEmpty);
        }
        else
        {
            table.WriteTo(stream);
        }
    }
}

using System.Text;
using System.Text.Unicode;
using PortMgmt.Cli.Parsing;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;

namespace PortMgmt.Cli.Batch;

/// <summary>Makes operations of lines.</summary>
/// <param name="lines">The lines.</param>
/// <param name="template">The command, which says what fields are needed.</param>
/// <param name="idField">The field that holds the id; null for none.</param>
/// <param name="log">The job log, which says what need not run; null for none.</param>
internal sealed class OperationReader(LineReader lines, CommandTemplate template, string? idField, JobLog? log)
{
    private readonly JobLogKeys _keys = new();

    /// <summary>The command's fields, and the id's behind them where the command does not ask for it anyway.</summary>
    private readonly string[] _names = idField is null ? [.. template.Fields] : [.. template.Fields.Union([idField])];

    /// <summary>How many operations the job log had as done.</summary>
    public long Skipped { get; private set; }

    /// <summary>How many lines are still to come, by the mean length of those that were read; null before the first. Any thread.</summary>
    /// <param name="inputSize">How many bytes the input has in all.</param>
    public long? EstimateLinesLeft(long inputSize)
    {
        long bytes = lines.Bytes;
        return bytes == 0 || bytes > inputSize ? null : (long)((double)(inputSize - bytes) / bytes * lines.Number);
    }

    /// <summary>The next operation. Empty lines are none.</summary>
    /// <returns>Null at the end of the input.</returns>
    /// <exception cref="UsageException">A line is no operation for this command.</exception>
    public Operation<BatchOperation>? Next()
    {
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> text = Trim(line);
            if (!text.IsEmpty && Read(text.ToArray()) is { } operation)
            {
                return operation;
            }
        }

        return null;
    }

    private Operation<BatchOperation>? Read(byte[] text)
    {
        byte[][]? fields = ReadFields(text);
        string? id = idField is null ? null : ReadId(text, fields);
        string? key = log is null ? null : id is null ? _keys.OfText(text) : JobLogKeys.OfId(id);
        if (key is not null && log!.HasSucceeded(key))
        {
            Skipped++;
            return null;
        }

        return new Operation<BatchOperation>(new BatchOperation(lines.Number, text, fields, key)) { Id = id };
    }

    private byte[][]? ReadFields(byte[] text)
    {
        byte[]?[]? fields;
        try
        {
            fields = JsonLine.TryRead(text, _names);
        }
        catch (InvalidOperationException)
        {
            throw Bad("has a field with half a surrogate pair, which is no text", "Correct it.");
        }

        if (fields is null)
        {
            CheckText(text);
            return null;
        }

        for (int i = 0; i < fields.Length; i++)
        {
            Check(fields[i], _names[i]);
        }

        return fields!;
    }

    private void CheckText(byte[] text)
    {
        if (_names.Length > 0 && JsonLine.IsObjectOfBadBytes(text))
        {
            throw Bad("is a JSON object with bytes that are not UTF-8, which JSON has to be", "Correct it; iconv changes the encoding of a file.");
        }

        if (!template.HasOperation)
        {
            return;
        }

        if (text.Contains((byte)0))
        {
            throw Bad("has a NUL character, which no argument can hold", "Separate operations by line feeds (tr '\\0' '\\n'), or leave {} out of the command: each then comes on its standard input.");
        }

        // Elsewhere arguments are bytes, and come as they are.
        if (OperatingSystem.IsWindows() && !Utf8.IsValid(text))
        {
            throw Bad("is not UTF-8, and arguments on Windows are Unicode", "Correct it, or leave {} out of the command: each line then comes on its standard input, as it is.");
        }
    }

    private void Check(byte[]? field, string name)
    {
        if (field is null)
        {
            throw Bad($"has no field '{name}'", $"Add it, or write {{{{{name}}} in the command for the text {{{name}}}.");
        }

        if (field.Contains((byte)0))
        {
            throw Bad($"has a NUL character in the field '{name}', which no argument can hold", "Correct it.");
        }
    }

    private string ReadId(byte[] text, byte[][]? fields)
    {
        if (fields is null)
        {
            throw Bad($"is no JSON object, so it has no field '{idField}' for --id", "Leave --id out, or make every line an object.");
        }

        byte[] id = fields[Array.IndexOf(_names, idField)];
        if (JsonLine.IsNull(id))
        {
            throw Bad($"has null in the field '{idField}', which --id asks for", "Give every operation an id, or leave --id out.");
        }

        if (!JsonLine.IsIdentifying(text, idField!))
        {
            throw Bad($"has {Encoding.UTF8.GetString(id)} in the field '{idField}', which --id asks for: an id is a text or a whole number", "Write it as one of these, or leave --id out.");
        }

        return id.Length > 0
            ? Encoding.UTF8.GetString(id)
            : throw Bad($"has an empty field '{idField}', which --id asks for", "Give every operation an id, or leave --id out.");
    }

    private UsageException Bad(string what, string wayOut) => new($"Line {lines.Number} of the input {what}. {wayOut} The operations before it were run.");

    private ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        if (lines.Number == 1 && line.StartsWith(Encoding.UTF8.Preamble))
        {
            line = line[Encoding.UTF8.Preamble.Length..];
        }

        return OperatingSystem.IsWindows() ? line.TrimEnd((byte)'\r') : line;
    }
}

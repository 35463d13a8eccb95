using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using PortMgmt.Cli.Batch;
using PortMgmt.Cli.Parsing;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Submission;
using PortMgmt.Operations;

namespace PortMgmt.Cli.Cluster;

/// <summary>Makes operations of lines: one that is a JSON object is sent as it is, any other as a text.</summary>
/// <param name="lines">The lines.</param>
/// <param name="type">The operations' type.</param>
/// <param name="idField">The field that holds the id; null for none.</param>
internal sealed class SubmissionReader(LineReader lines, string type, string? idField)
{
    private readonly string[] _names = idField is null ? [] : [idField];

    /// <summary>The next operation. Empty lines are none.</summary>
    /// <returns>Null at the end of the input.</returns>
    /// <exception cref="UsageException">A line is no operation.</exception>
    public Operation<Submission>? Next()
    {
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!line.IsEmpty)
            {
                return Read(line);
            }
        }

        return null;
    }

    private Operation<Submission> Read(ReadOnlySpan<byte> line)
    {
        byte[]?[]? fields = JsonLine.TryRead(line, _names);
        byte[] input = fields is not null ? line.ToArray() : ToJson(line);
        string? id = idField is null ? null : ReadId(line, fields);
        return new Operation<Submission>(new Submission(lines.Number, new ClusterOperation(id ?? RemoteOperations.MakeId(lines.Number, input), type, input)))
        {
            Id = id,
            Type = type,
        };
    }

    private string ReadId(ReadOnlySpan<byte> line, byte[]?[]? fields) => fields?[0] is { Length: > 0 } id && JsonLine.IsIdentifying(line, idField!)
        ? Encoding.UTF8.GetString(id)
        : throw new UsageException($"Line {lines.Number} of the input has no field '{idField}' with a text or a whole number, which --id asks for. Give every line one, or leave --id out. The operations before it were sent.");

    private byte[] ToJson(ReadOnlySpan<byte> line) => Utf8.IsValid(line)
        ? Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(line, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"")
        : throw new UsageException($"Line {lines.Number} of the input is not UTF-8, which other nodes need. Correct it. The operations before it were sent.");
}

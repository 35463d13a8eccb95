using PortMgmt.Operations.Results;
using PortMgmt.Text;

namespace PortMgmt.Cli.Batch;

/// <summary>Writes results, one JSON object a line: as many as there are in one piece, and at once when there are no more.</summary>
/// <param name="stream">Where to.</param>
/// <param name="fields">Which fields they have.</param>
internal sealed class ResultWriter(Stream stream, ResultFields fields) : IDisposable
{
    private const int FullSize = 64 << 10;

    private readonly JsonLines _lines = new();

    /// <summary>There is enough for a write of its own.</summary>
    public bool IsFull => _lines.Length >= FullSize;

    /// <summary>Adds a result; <see cref="Flush"/> writes it.</summary>
    public void Add(in ResultRecord result)
    {
        ResultJson.Write(_lines.Begin(), result, fields);
        _lines.End();
    }

    /// <summary>Writes what was added.</summary>
    /// <exception cref="IOException">The other end is closed, or the disk is full.</exception>
    public void Flush() => _lines.WriteTo(stream);

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}

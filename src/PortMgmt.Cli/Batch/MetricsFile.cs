using System.Text.Json;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Metrics;

namespace PortMgmt.Cli.Batch;

/// <summary>The file of <c>--metrics</c>. It is opened before anything runs, so that a path that cannot be written costs no batch.</summary>
internal sealed class MetricsFile : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Opens it; what it has stays until there is something new.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public MetricsFile(string path)
    {
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The metrics file '{path}' cannot be written: {failure.Message} Name another file.");
        }
    }

    /// <summary>Writes the metrics.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Write(OperationMetrics metrics)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            MetricsJson.Write(writer, metrics);
            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        try
        {
            // A device has no length to cut.
            if (_file.CanSeek && _file.Length > 0)
            {
                _file.SetLength(0);
            }

            _file.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
            _file.Flush();
        }
        catch (IOException failure)
        {
            throw new IOException($"The batch has ended, but its metrics '{_file.Name}' cannot be written: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

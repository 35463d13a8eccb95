namespace PortMgmt.Cli.Batch;

/// <summary>One line of the input.</summary>
/// <param name="line">The line's number, from 1.</param>
/// <param name="text">The line without its end.</param>
/// <param name="fields">The fields that the command asks for, as text; null when the line is no JSON object.</param>
/// <param name="key">What the job log knows it by; null without a job log.</param>
internal sealed class BatchOperation(long line, byte[] text, byte[][]? fields, string? key)
{
    /// <summary>The line's number, from 1.</summary>
    public long Line => line;

    /// <summary>The line without its end.</summary>
    public byte[] Text => text;

    /// <summary>Whether the line is a JSON object.</summary>
    public bool IsJson => fields is not null;

    /// <summary>The fields that the command asks for, in its order; empty for text.</summary>
    public IReadOnlyList<byte[]> Fields => fields ?? [];

    /// <summary>What the job log knows it by: its id, or a hash of the line; null without a job log.</summary>
    public string? Key => key;
}

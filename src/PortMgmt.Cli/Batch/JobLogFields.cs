namespace PortMgmt.Cli.Batch;

/// <summary>The names in a job log's lines by which a batch is resumed; they are those of the module's job logs.</summary>
internal static class JobLogFields
{
    /// <summary>What the operation is known by: its id, or a hash of its input.</summary>
    public const string Key = "key";

    /// <summary>How it ended.</summary>
    public const string Status = "status";
}

namespace PortMgmt.Cli.Batch;

/// <summary>A piece of an argument.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Text">The text as it was written.</param>
/// <param name="Field">With a field: its place among the template's fields.</param>
internal sealed record CommandSegment(CommandSegmentKind Kind, byte[] Text, int Field = -1);

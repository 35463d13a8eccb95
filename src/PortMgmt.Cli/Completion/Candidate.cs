namespace PortMgmt.Cli.Completion;

/// <summary>A word that could stand where the cursor is.</summary>
/// <param name="Value">The word.</param>
/// <param name="Description">What it is, for shells that show it.</param>
internal readonly record struct Candidate(string Value, string Description);

namespace PortMgmt.Platform;

/// <summary>What stands under the name of a file and cannot be used as one.</summary>
/// <param name="What">What it is, for a sentence: a directory, a link, a pipe.</param>
/// <param name="UserId">Whose it is.</param>
internal sealed record FileObstacle(string What, string UserId);

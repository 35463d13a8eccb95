namespace PortMgmt.Reports;

/// <summary>What a terminal can show.</summary>
/// <param name="Width">How many columns it has; lines never take more.</param>
/// <param name="Colour">Whether lines may have colour sequences. Without them lines are plain text.</param>
/// <param name="Unicode">Whether it shows block characters; else bars are of ASCII.</param>
internal readonly record struct PanelStyle(int Width, bool Colour, bool Unicode);

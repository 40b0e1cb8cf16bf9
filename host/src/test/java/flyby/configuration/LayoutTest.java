package flyby.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.configuration.layout.AcsRegisters;
import flyby.configuration.layout.AriRegisters;
import flyby.configuration.layout.AtsRegisters;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ErrorRegisters;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.configuration.layout.MsiRegisters;
import flyby.configuration.layout.MsixRegisters;
import flyby.configuration.layout.PowerRegisters;
import org.junit.jupiter.api.Test;

/// The specification's tables, typed in by hand and not from our constants.
final class LayoutTest {
    @Test
    void theHeaderOfType0() {
        assertThat(HeaderRegisters.TYPE_0.describe()).isEqualTo("""
                Type 0 header
                0x00 2 READ_ONLY  Vendor ID
                0x02 2 READ_ONLY  Device ID
                0x04 2 READ_WRITE Command
                      0:0  I/O Space Enable
                      1:1  Memory Space Enable
                      2:2  Bus Master Enable
                      6:6  Parity Error Response
                      8:8  SERR# Enable
                     10:10 Interrupt Disable
                0x06 2 READ_WRITE Status
                      3:3  Interrupt Status
                      4:4  Capabilities List
                      8:8  Master Data Parity Error
                     11:11 Signaled Target Abort
                     12:12 Received Target Abort
                     13:13 Received Master Abort
                     14:14 Signaled System Error
                     15:15 Detected Parity Error
                0x08 1 READ_ONLY  Revision ID
                0x09 3 READ_ONLY  Class Code
                0x0c 1 READ_WRITE Cache Line Size
                0x0e 1 READ_ONLY  Header Type
                      6:0  Header Layout
                      7:7  Multi-Function Device
                0x10 4 READ_WRITE Base Address 0
                      0:0  Memory Space Indicator
                      2:1  Type
                      3:3  Prefetchable
                0x14 4 READ_WRITE Base Address 1
                      0:0  Memory Space Indicator
                      2:1  Type
                      3:3  Prefetchable
                0x18 4 READ_WRITE Base Address 2
                      0:0  Memory Space Indicator
                      2:1  Type
                      3:3  Prefetchable
                0x1c 4 READ_WRITE Base Address 3
                      0:0  Memory Space Indicator
                      2:1  Type
                      3:3  Prefetchable
                0x20 4 READ_WRITE Base Address 4
                      0:0  Memory Space Indicator
                      2:1  Type
                      3:3  Prefetchable
                0x24 4 READ_WRITE Base Address 5
                      0:0  Memory Space Indicator
                      2:1  Type
                      3:3  Prefetchable
                0x2c 2 READ_ONLY  Subsystem Vendor ID
                0x2e 2 READ_ONLY  Subsystem ID
                0x34 1 READ_ONLY  Capabilities Pointer
                0x3c 1 READ_WRITE Interrupt Line
                0x3d 1 READ_ONLY  Interrupt Pin
                """);
    }

    @Test
    void theHeaderOfType1FromTheBusNumbersOn() {
        assertThat(HeaderRegisters.TYPE_1.describe()).endsWith("""
                0x18 1 READ_WRITE Primary Bus Number
                0x19 1 READ_WRITE Secondary Bus Number
                0x1a 1 READ_WRITE Subordinate Bus Number
                0x1c 1 READ_WRITE I/O Base
                0x1d 1 READ_WRITE I/O Limit
                0x1e 2 READ_WRITE Secondary Status
                0x20 2 READ_WRITE Memory Base
                0x22 2 READ_WRITE Memory Limit
                0x24 2 READ_WRITE Prefetchable Memory Base
                0x26 2 READ_WRITE Prefetchable Memory Limit
                0x28 4 READ_WRITE Prefetchable Base Upper 32 Bits
                0x2c 4 READ_WRITE Prefetchable Limit Upper 32 Bits
                0x30 2 READ_WRITE I/O Base Upper 16 Bits
                0x32 2 READ_WRITE I/O Limit Upper 16 Bits
                0x34 1 READ_ONLY  Capabilities Pointer
                0x3c 1 READ_WRITE Interrupt Line
                0x3d 1 READ_ONLY  Interrupt Pin
                0x3e 2 READ_WRITE Bridge Control
                      6:6  Secondary Bus Reset
                """);
    }

    @Test
    void thePciExpressCapability() {
        assertThat(ExpressRegisters.MAP.describe()).isEqualTo("""
                PCI Express
                0x00 1 READ_ONLY  Capability ID
                0x01 1 READ_ONLY  Next Capability Pointer
                0x02 2 READ_ONLY  PCI Express Capabilities
                      3:0  Capability Version
                      7:4  Device/Port Type
                      8:8  Slot Implemented
                0x04 4 READ_ONLY  Device Capabilities
                      2:0  Max_Payload_Size Supported
                      5:5  Extended Tag Field Supported
                     15:15 Role-Based Error Reporting
                     28:28 Function Level Reset Capability
                0x08 2 READ_WRITE Device Control
                      0:0  Correctable Error Reporting Enable
                      1:1  Non-Fatal Error Reporting Enable
                      2:2  Fatal Error Reporting Enable
                      3:3  Unsupported Request Reporting Enable
                      4:4  Enable Relaxed Ordering
                      7:5  Max_Payload_Size
                      8:8  Extended Tag Field Enable
                     11:11 Enable No Snoop
                     14:12 Max_Read_Request_Size
                     15:15 Initiate Function Level Reset
                0x0a 2 READ_WRITE Device Status
                      0:0  Correctable Error Detected
                      1:1  Non-Fatal Error Detected
                      2:2  Fatal Error Detected
                      3:3  Unsupported Request Detected
                      5:5  Transactions Pending
                0x0c 4 READ_ONLY  Link Capabilities
                      3:0  Max Link Speed
                      9:4  Maximum Link Width
                     31:24 Port Number
                0x10 2 READ_WRITE Link Control
                      3:3  Read Completion Boundary
                      4:4  Link Disable
                      5:5  Retrain Link
                0x12 2 READ_ONLY  Link Status
                      3:0  Current Link Speed
                      9:4  Negotiated Link Width
                     13:13 Data Link Layer Link Active
                0x14 4 READ_ONLY  Slot Capabilities
                0x18 2 READ_WRITE Slot Control
                0x1a 2 READ_WRITE Slot Status
                0x1c 2 READ_WRITE Root Control
                0x1e 2 READ_ONLY  Root Capabilities
                0x20 4 READ_WRITE Root Status
                0x24 4 READ_ONLY  Device Capabilities 2
                      3:0  Completion Timeout Ranges Supported
                      4:4  Completion Timeout Disable Supported
                      5:5  ARI Forwarding Supported
                     16:16 10-Bit Tag Completer Supported
                     17:17 10-Bit Tag Requester Supported
                0x28 2 READ_WRITE Device Control 2
                      3:0  Completion Timeout Value
                      4:4  Completion Timeout Disable
                      5:5  ARI Forwarding Enable
                      8:8  IDO Request Enable
                      9:9  IDO Completion Enable
                     12:12 10-Bit Tag Requester Enable
                0x2a 2 READ_ONLY  Device Status 2
                0x2c 4 READ_ONLY  Link Capabilities 2
                0x30 2 READ_WRITE Link Control 2
                0x32 2 READ_ONLY  Link Status 2
                0x34 4 READ_ONLY  Slot Capabilities 2
                0x38 2 READ_WRITE Slot Control 2
                0x3a 2 READ_ONLY  Slot Status 2
                """);
    }

    @Test
    void messageInterrupts() {
        assertThat(MsiRegisters.MAP.describe()).isEqualTo("""
                MSI
                0x00 1 READ_ONLY  Capability ID
                0x01 1 READ_ONLY  Next Capability Pointer
                0x02 2 READ_WRITE Message Control
                      0:0  MSI Enable
                      3:1  Multiple Message Capable
                      6:4  Multiple Message Enable
                      7:7  64-bit Address Capable
                      8:8  Per-Vector Masking Capable
                0x04 4 READ_WRITE Message Address
                0x08 4 READ_WRITE Message Upper Address
                0x0c 2 READ_WRITE Message Data
                0x10 4 READ_WRITE Mask Bits
                0x14 4 READ_ONLY  Pending Bits
                """);
        assertThat(MsixRegisters.MAP.describe()).isEqualTo("""
                MSI-X
                0x00 1 READ_ONLY  Capability ID
                0x01 1 READ_ONLY  Next Capability Pointer
                0x02 2 READ_WRITE Message Control
                     10:0  Table Size
                     14:14 Function Mask
                     15:15 MSI-X Enable
                0x04 4 READ_ONLY  Table Offset
                      2:0  BIR
                     31:3  Offset
                0x08 4 READ_ONLY  PBA Offset
                      2:0  BIR
                     31:3  Offset
                """);
        assertThat(MsixRegisters.ENTRY.describe()).isEqualTo("""
                MSI-X table entry
                0x00 4 READ_WRITE Message Address
                0x04 4 READ_WRITE Message Upper Address
                0x08 4 READ_WRITE Message Data
                0x0c 4 READ_WRITE Vector Control
                      0:0  Mask Bit
                """);
    }

    @Test
    void advancedErrorReporting() {
        String uncorrectable = """
                      4:4  Data Link Protocol Error
                      5:5  Surprise Down Error
                     12:12 Poisoned TLP Received
                     14:14 Completion Timeout
                     15:15 Completer Abort
                     16:16 Unexpected Completion
                     18:18 Malformed TLP
                     20:20 Unsupported Request Error
                     21:21 ACS Violation
                """;
        String correctable = """
                      0:0  Receiver Error
                      6:6  Bad TLP
                      8:8  REPLAY_NUM Rollover
                     12:12 Replay Timer Timeout
                     13:13 Advisory Non-Fatal Error
                """;
        assertThat(ErrorRegisters.MAP.describe())
                .isEqualTo("Advanced Error Reporting\n"
                        + "0x00 4 READ_ONLY  Extended Capability Header\n"
                        + "0x04 4 READ_WRITE Uncorrectable Error Status\n"
                        + uncorrectable
                        + "0x08 4 READ_WRITE Uncorrectable Error Mask\n"
                        + uncorrectable
                        + "0x0c 4 READ_WRITE Uncorrectable Error Severity\n"
                        + uncorrectable
                        + "0x10 4 READ_WRITE Correctable Error Status\n"
                        + correctable
                        + "0x14 4 READ_WRITE Correctable Error Mask\n"
                        + correctable
                        + "0x18 4 READ_WRITE Capabilities and Control\n"
                        + "      4:0  First Error Pointer\n"
                        + "0x1c 4 READ_ONLY  Header Log 1\n"
                        + "0x20 4 READ_ONLY  Header Log 2\n"
                        + "0x24 4 READ_ONLY  Header Log 3\n"
                        + "0x28 4 READ_ONLY  Header Log 4\n"
                        + "0x2c 4 READ_WRITE Root Error Command\n"
                        + "0x30 4 READ_WRITE Root Error Status\n"
                        + "0x34 4 READ_ONLY  Error Source Identification\n");
        // Section 7.8.4.4: fatal are 4, 5, 13, 17, 18 and 22.
        assertThat(ErrorRegisters.UNCORRECTABLE_SEVERITY_INITIAL)
                .isEqualTo((1 << 4) | (1 << 5) | (1 << 13) | (1 << 17) | (1 << 18) | (1 << 22));
    }

    @Test
    void theOthers() {
        assertThat(PowerRegisters.MAP.describe()).isEqualTo("""
                PCI Power Management
                0x00 1 READ_ONLY  Capability ID
                0x01 1 READ_ONLY  Next Capability Pointer
                0x02 2 READ_ONLY  Power Management Capabilities
                      2:0  Version
                0x04 4 READ_WRITE Power Management Control/Status
                      1:0  PowerState
                      3:3  No_Soft_Reset
                """);
        String services = """
                      0:0  ACS Source Validation
                      1:1  ACS Translation Blocking
                      2:2  ACS P2P Request Redirect
                      3:3  ACS P2P Completion Redirect
                      4:4  ACS Upstream Forwarding
                      5:5  ACS P2P Egress Control
                      6:6  ACS Direct Translated P2P
                """;
        assertThat(AcsRegisters.MAP.describe())
                .isEqualTo("Access Control Services\n"
                        + "0x00 4 READ_ONLY  Extended Capability Header\n"
                        + "0x04 2 READ_ONLY  ACS Capability\n"
                        + services
                        + "0x06 2 READ_WRITE ACS Control\n"
                        + services);
        assertThat(AriRegisters.MAP.describe()).isEqualTo("""
                Alternative Routing-ID Interpretation
                0x00 4 READ_ONLY  Extended Capability Header
                0x04 2 READ_ONLY  ARI Capability
                     15:8  Next Function Number
                0x06 2 READ_WRITE ARI Control
                """);
        assertThat(AtsRegisters.MAP.describe()).isEqualTo("""
                Address Translation Services
                0x00 4 READ_ONLY  Extended Capability Header
                0x04 2 READ_ONLY  ATS Capability
                      4:0  Invalidate Queue Depth
                      5:5  Page Aligned Request
                0x06 2 READ_WRITE ATS Control
                      4:0  Smallest Translation Unit
                     15:15 Enable
                """);
    }

    @Test
    void capabilitiesHaveTheirNumbers() {
        assertThat(new int[] {
                    CapabilityIds.POWER_MANAGEMENT,
                    CapabilityIds.MSI,
                    CapabilityIds.PCI_EXPRESS,
                    CapabilityIds.MSI_X,
                    CapabilityIds.ADVANCED_ERROR_REPORTING,
                    CapabilityIds.ACCESS_CONTROL_SERVICES,
                    CapabilityIds.ALTERNATIVE_ROUTING_ID,
                    CapabilityIds.ADDRESS_TRANSLATION_SERVICES
                })
                .containsExactly(0x01, 0x05, 0x10, 0x11, 0x01, 0x0d, 0x0e, 0x0f);
    }
}

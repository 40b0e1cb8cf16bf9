/// What becomes of all that the zoo keeps, under the checker and under the rules of Linux's `CONFIG_DMA_API_DEBUG`.
package flyby.zoo.survey;
